#include "idp/web/embedded_assets.hpp"
#include "idp/web/pages.hpp"

namespace kommpass::idp::web {

const std::vector<static_file>& static_files() {
    static const std::vector<static_file> files = [] {
        std::vector<static_file> all;
        for (const auto& asset : embedded_assets()) {
            if (!asset.path.starts_with("/static/")) continue;
            all.push_back({std::string(asset.path), std::string(asset.content_type),
                           std::make_shared<const std::string>(asset.content)});
        }
        return all;
    }();
    return files;
}

}  // namespace kommpass::idp::web
