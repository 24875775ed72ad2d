# One precompiled header for all targets. It names only what is not ours and what most sources
# include; each source still includes what it uses, and builds without it
# (-DKOMMPASS_PRECOMPILE=OFF, as ./dev lint does).

add_library(kommpass_precompiled OBJECT ${CMAKE_SOURCE_DIR}/config/precompiled.cpp)
target_link_libraries(kommpass_precompiled PRIVATE kommpass_flags Boost::headers)
target_precompile_headers(kommpass_precompiled PRIVATE
  <algorithm> <array> <chrono> <functional> <map> <memory> <optional> <set> <span> <string>
  <string_view> <unordered_map> <variant> <vector>
  <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/io_context.hpp>
  <boost/asio/steady_timer.hpp> <boost/asio/use_awaitable.hpp>
  <boost/json/array.hpp> <boost/json/object.hpp> <boost/json/parse.hpp> <boost/json/serialize.hpp>
  <boost/system/result.hpp>)

# g++ 12 loses sight of what is a system's header and warns of std::string's own copies.
# -fpch-preprocess: without it ccache cannot tell what a source was made of.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(kommpass_flags INTERFACE -fpch-preprocess -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
endif()

function(kommpass_precompile_targets folder)
  get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target ${targets})
    get_target_property(type ${target} TYPE)
    if(type MATCHES "STATIC_LIBRARY|EXECUTABLE" AND NOT target STREQUAL kommpass_precompiled)
      target_precompile_headers(${target} REUSE_FROM kommpass_precompiled)
      if(type STREQUAL "EXECUTABLE")  # Asio's headers refer to it, used or not
        target_link_libraries(${target} PRIVATE kommpass_asio)
      endif()
    endif()
  endforeach()
  get_property(folders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
  foreach(below ${folders})
    kommpass_precompile_targets(${below})
  endforeach()
endfunction()
kommpass_precompile_targets(${CMAKE_SOURCE_DIR})
