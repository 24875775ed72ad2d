#include "idp/web/front_channel_page.hpp"

#include "idp/web/console_page.hpp"
#include "idp/web/templates.hpp"

#include <set>

namespace kommpass::idp::web {

std::string render(const frame& around, const front_channel_page& page) {
    page_data data;
    std::vector<page_data> frames;
    std::vector<page_data> names;
    std::set<std::string> said;  // an application may have several clients
    for (const auto& one : page.applications) {
        page_data frame_data;
        put(frame_data, "frame_uri", one.uri);
        put(frame_data, "frame_name", one.name);
        frames.push_back(std::move(frame_data));
        if (!said.insert(one.name).second) continue;
        page_data name;
        put(name, "application", one.name);
        names.push_back(std::move(name));
    }
    put_list(data, "frames", std::move(frames));
    put_list(data, "applications", std::move(names));
    put(data, "continue_uri", page.continue_uri);
    put_refused_return(data, page.refused);
    return fill("front_channel", around, "signed_out.title", std::move(data));
}

}  // namespace kommpass::idp::web
