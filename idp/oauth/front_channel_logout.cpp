#include "idp/oauth/front_channel_logout.hpp"

#include "idp/http/form.hpp"
#include "idp/http/response.hpp"
#include "idp/oauth/redirect_uri.hpp"
#include "idp/web/frame.hpp"
#include "idp/web/front_channel_page.hpp"
#include "policies/snapshot.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

constexpr char between = ' ';  // stands in no client id

std::string uri_for(const policies::client& client, const std::string& issuer,
                    const std::string& session) {
    return http::with_query(client.frontchannel_logout_uri, {{"iss", issuer}, {"sid", session}});
}

void add_source(std::string& sources, const std::string& origin) {
    const auto known = (" " + sources + " ").find(" " + origin + " ") != std::string::npos;
    if (!known) sources += (sources.empty() ? "" : " ") + origin;
}

}  // namespace

std::string front_channel_round::clients_text() const {
    std::string text;
    for (const auto& one : clients) {
        if (!text.empty()) text.push_back(between);
        text += one.str();
    }
    return text;
}

front_channel_round front_channel_round::read(std::string session, std::string_view clients) {
    front_channel_round round{std::move(session), {}};
    while (!clients.empty()) {
        const auto end = clients.find(between);
        if (end != 0) round.clients.emplace_back(clients.substr(0, end));
        clients = end == std::string_view::npos ? std::string_view() : clients.substr(end + 1);
    }
    return round;
}

front_channel_round front_channel_round_of(std::string session,
                                           const std::vector<client_id>& clients,
                                           const policies::snapshot& registry) {
    front_channel_round round{std::move(session), {}};
    for (const auto& one : clients) {
        const auto entry = registry.find_client(one.view());
        if (entry.registered != nullptr && !entry.registered->frontchannel_logout_uri.empty())
            round.clients.push_back(one);
    }
    return round;
}

http::response front_channel_page(const front_channel_round& round,
                                  const policies::snapshot& registry, const std::string& issuer,
                                  const web::frame& around, const std::string& continue_uri,
                                  const web::refused_return& refused) {
    web::front_channel_page page{{}, continue_uri, refused};
    std::string sources;
    for (const auto& one : round.clients) {
        const auto entry = registry.find_client(one.view());
        if (entry.registered == nullptr || entry.registered->frontchannel_logout_uri.empty())
            continue;
        page.applications.push_back(
            {around.lang == web::language::en && !entry.owner->name.en.empty()
                 ? entry.owner->name.en
                 : entry.owner->name.de,
             uri_for(*entry.registered, issuer, round.session)});
        add_source(sources, place_of(entry.registered->frontchannel_logout_uri));
    }
    auto answer = http::html(200, web::render(around, page));
    answer.frame_sources = std::move(sources);
    // What is no web page is led to by what a person presses (RFC 8252, 7.1).
    if (is_web_address(continue_uri)) {
        const auto wait = std::to_string(front_channel_wait.count());
        answer.headers.emplace_back("Refresh", wait + ";url=" + continue_uri);
    }
    return answer;
}

}  // namespace kommpass::idp::oauth
