#include "idp/service/watched_store.hpp"

#include "config/settings.hpp"
#include "idp/observe/log.hpp"
#include "idp/service/opening.hpp"
#include "idp/store/open_store.hpp"
#include "idp/store/store.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace kommpass::idp::service {

std::unique_ptr<store::store> open_watched_store(const config::settings& settings,
                                                 const clock& time, observe::log& log,
                                                 store_health& health) {
    store::open_options options;
    options.waiting_bound = settings.limit.waiting_store_work;
    options.report = [&log](const std::string& words) {
        log.error("store.failed", {{"reason", words}});
    };
    const auto told = [&log](std::atomic<bool>& state, std::string_view what) {
        return [&log, &state, what](bool fails) {
            state = fails;
            if (!fails) log.info("store.works_again", {{"what", what}});
        };
    };
    options.writing = [&health, &time, turned = told(health.writing_fails, "writing")](bool fails) {
        fails ? health.outages.begins(time.now()) : health.outages.ends(time.now());
        turned(fails);
    };
    options.reading = told(health.reading_fails, "reading");
    options.noticed = [&log](const char* what, const std::string& why) {
        log.info("store.noticed", {{"what", std::string_view(what)}, {"reason", why}});
    };
    auto opened = store::open_store(place_of_store(settings), std::move(options));
    if (!opened) throw std::runtime_error(opened.error());
    return std::move(*opened);
}

}  // namespace kommpass::idp::service
