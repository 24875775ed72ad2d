// JWKS requests per second: our server beside the plainest Beast server, in turns in one run.

#include "config/vocabulary/randomness.hpp"
#include "idp/http/method.hpp"
#include "idp/http/request_metrics.hpp"
#include "idp/http/response.hpp"
#include "idp/http/server.hpp"
#include "idp/observe/log.hpp"
#include "tests/bench/http_load.hpp"
#include "tests/bench/reference_beast_server.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <thread>

using namespace kommpass;

namespace {

// Of the size of a key set with three keys.
std::string key_set() {
    std::string keys = R"({"keys":[)";
    for (int i = 0; i < 3; ++i) {
        keys += R"({"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"key-)" +
                std::to_string(i) + R"(","x":")" + std::string(43, 'x') + R"(","y":")" +
                std::string(43, 'y') + R"("},)";
    }
    keys.back() = ']';
    return keys + "}";
}

// Our server as `kommpass serve` runs it, with one route.
class our_server {
public:
    our_server(unsigned threads, std::string json)
        : log_(config::log_format::logfmt, config::log_level::error, time_) {
        settings_.issuer = "https://idp.example";
        settings_.listen = {"127.0.0.1", 0, false, {}, {}};
        listener_ = std::make_shared<idp::http::shared_listener>(settings_.listen, 10'000);
        auto body = std::make_shared<const std::string>(std::move(json));
        for (unsigned i = 0; i < threads; ++i) {
            auto& one = *threads_.emplace_back(std::make_unique<io_thread>());
            one.router.add_immediate({idp::http::method::get}, "/jwks",
                                     [body](const idp::http::request&) {
                                         idp::http::response answer;
                                         answer.kind = idp::http::answer_kind::cacheable;
                                         answer.content_type = "application/json";
                                         answer.fixed_body = body;
                                         answer.cache_control = "public, max-age=300";
                                         return answer;
                                     },
                                     {.cors = true});
            one.server = idp::http::server::listen(
                one.io, listener_, settings_, one.router,
                {time_, random_, log_, metrics_.observer_for(one.router), {}});
            one.thread = std::thread([&io = one.io] { io.run(); });
        }
    }
    our_server(const our_server&) = delete;
    our_server& operator=(const our_server&) = delete;
    ~our_server() {
        for (auto& one : threads_) one->io.stop();
        for (auto& one : threads_) one->thread.join();
        for (auto& one : threads_) one->server.reset();
    }
    [[nodiscard]] std::uint16_t port() const noexcept { return listener_->endpoint().port(); }

private:
    struct io_thread {
        boost::asio::io_context io{1};
        idp::http::router router;
        std::unique_ptr<idp::http::server> server;
        std::thread thread;
    };
    system_clock time_;
    system_randomness random_;
    idp::observe::log log_;
    config::settings settings_;
    idp::http::request_metrics metrics_;
    std::shared_ptr<idp::http::shared_listener> listener_;
    std::vector<std::unique_ptr<io_thread>> threads_;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

int main(int count, char** arguments) {
    const unsigned rounds = count > 1 ? static_cast<unsigned>(std::atoi(arguments[1])) : 5;
    const unsigned threads = std::max(1U, std::thread::hardware_concurrency());
    const our_server ours(threads, key_set());
    const bench::reference_beast_server plain(threads, key_set());
    const auto script = bench::repeat("GET /jwks HTTP/1.1\r\nHost: idp.example\r\n\r\n");
    bench::load load;
    load.threads = threads;
    load.duration = std::chrono::milliseconds(1'000);
    std::vector<double> ours_per_second;
    std::vector<double> plain_per_second;
    for (unsigned i = 0; i < rounds; ++i) {
        load.port = plain.port();
        const auto b = bench::run(load, script);
        load.port = ours.port();
        const auto a = bench::run(load, script);
        if (a.failures + b.failures > 0) {
            std::fprintf(stderr, "failures: %s %s\n", a.first_failure.c_str(),
                         b.first_failure.c_str());
            return 1;
        }
        ours_per_second.push_back(a.requests_per_second());
        plain_per_second.push_back(b.requests_per_second());
        std::printf(
            "plain beast %9.0f/s  p50 %5.0f us  p99 %6.0f us   kommpass %9.0f/s  p50 %5.0f us  p99 "
            "%6.0f us\n",
            plain_per_second.back(), b.of_journeys.percentile(0.5), b.of_journeys.percentile(0.99),
            ours_per_second.back(), a.of_journeys.percentile(0.5), a.of_journeys.percentile(0.99));
    }
    std::printf("jwks: kommpass %.0f/s, plain beast %.0f/s, ratio %.2f (to reach: 0.80)\n",
                median(ours_per_second), median(plain_per_second),
                median(ours_per_second) / median(plain_per_second));
}
