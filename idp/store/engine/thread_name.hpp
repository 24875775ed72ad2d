#pragma once

#include <pthread.h>

#include <thread>

namespace kommpass::idp::store::engine {

// What `top -H` and a debugger show: up to 15 characters.
inline void name_thread(std::thread& thread, const char* name) {
    pthread_setname_np(thread.native_handle(), name);
}

}  // namespace kommpass::idp::store::engine
