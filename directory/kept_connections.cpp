#include "directory/kept_connections.hpp"

#include <algorithm>
#include <vector>

namespace kommpass::directory {

// What is closed is closed outside of the lock: the server is told good-bye.
std::string kept_connections::keep(kept one, randomness& unpredictable) {
    auto name = unpredictable.token(16);
    std::map<std::string, kept>::node_type oldest;
    const std::lock_guard lock(mutex_);
    const auto is_of_member = [&](const auto& entry) { return entry.second.member == one.member; };
    const auto count = std::count_if(all_.begin(), all_.end(), is_of_member);
    if (static_cast<std::size_t>(count) >= most_of_member) {
        auto first = all_.end();
        for (auto at = all_.begin(); at != all_.end(); ++at) {
            const bool older = first == all_.end() || at->second.until < first->second.until;
            if (is_of_member(*at) && older) first = at;
        }
        oldest = all_.extract(first);
    }
    all_.emplace(name, std::move(one));
    return name;
}

std::optional<kept_connections::kept> kept_connections::take(const std::string& name,
                                                             const member_slug& member,
                                                             const directory_settings& settings,
                                                             std::string_view dn, steady_time now) {
    std::map<std::string, kept>::node_type found;
    {
        const std::lock_guard lock(mutex_);
        found = all_.extract(name);
    }
    if (found.empty()) return std::nullopt;
    auto& one = found.mapped();
    const bool fits = one.member == member && one.dn == dn && now < one.until &&
                      (one.settings.get() == &settings || *one.settings == settings);
    if (!fits) return std::nullopt;
    return std::move(one);
}

void kept_connections::close_old(steady_time now) {
    std::vector<std::map<std::string, kept>::node_type> over;
    const std::lock_guard lock(mutex_);
    for (auto at = all_.begin(); at != all_.end();) {
        const auto one = at++;
        if (one->second.until <= now) over.push_back(all_.extract(one));
    }
}

std::size_t kept_connections::count() const {
    const std::lock_guard lock(mutex_);
    return all_.size();
}

}  // namespace kommpass::directory
