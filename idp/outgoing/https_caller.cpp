#include "idp/outgoing/https_caller.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <curl/curl.h>

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace kommpass::idp::outgoing {
namespace {

// What came back, of whichever kind the call was.
struct heard_answer {
    called said;
    std::string body;  // of what is fetched
    std::string content_type{};
};
using answer = result<heard_answer, call_failure>;
using on_answer = std::function<void(answer)>;

// Looks up from waiting this often even if nothing happens.
constexpr int look_up_ms = 1'000;
constexpr long most_connections = 256;
constexpr std::size_t longest_body = 65'536;

struct easy_deleter {
    void operator()(CURL* handle) const { ::curl_easy_cleanup(handle); }
};
using easy = std::unique_ptr<CURL, easy_deleter>;

struct list_deleter {
    void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};

// One call under way. libcurl holds pointers into it.
struct running {
    call what;
    std::optional<fetch> fetched_as;  // it is one of these; `what` has its address and time
    std::string body{};
    on_answer tell;
    const application_addresses* permitted = nullptr;
    std::string forbidden{};  // why an address was refused
    bool allowed = false;     // another was not
    std::size_t heard = 0;    // bytes of the body
    char why[CURL_ERROR_SIZE] = "";
    std::unique_ptr<curl_slist, list_deleter> headers{};
    easy handle{};
};

// Kommpass knows the very address here, whatever the name resolved to before.
curl_socket_t open_socket(void* to, curlsocktype, curl_sockaddr* address) {
    auto& one = *static_cast<running*>(to);
    if (auto refused = one.permitted->why_not(address->addr)) {
        one.forbidden = std::move(*refused);
        return CURL_SOCKET_BAD;
    }
    one.allowed = true;
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// What is said beside the status is of no use; who says too much is not listened to.
std::size_t drop(char*, std::size_t size, std::size_t count, void* of) {
    auto& heard = static_cast<running*>(of)->heard;
    heard += size * count;
    return heard <= longest_body ? size * count : 0;
}

// Of what is fetched all is kept, up to what was asked for; one byte more ends it.
std::size_t keep(char* bytes, std::size_t size, std::size_t count, void* of) {
    auto& one = *static_cast<running*>(of);
    one.heard += size * count;
    if (one.heard > one.fetched_as->longest) return 0;
    one.body.append(bytes, size * count);
    return size * count;
}

std::string host_of(const std::string& uri) {
    const auto from = uri.find("://");
    if (from == std::string::npos) return uri;
    return uri.substr(from + 3, uri.find_first_of("/?#", from + 3) - from - 3);
}

bool make_ready(running& one, const std::string& ca_file) {
    one.handle.reset(::curl_easy_init());
    if (!one.handle) return false;
    bool good = true;
    const auto set = [&](CURLoption option, auto value) {
        good = ::curl_easy_setopt(one.handle.get(), option, value) == CURLE_OK && good;
    };
    set(CURLOPT_PRIVATE, &one);
    set(CURLOPT_URL, one.what.uri.c_str());
    set(CURLOPT_PROTOCOLS_STR, "https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");  // what the environment names is not ours
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!ca_file.empty()) set(CURLOPT_CAINFO, ca_file.c_str());
    if (one.fetched_as) {
        one.headers.reset(
            ::curl_slist_append(nullptr, ("Accept: " + one.fetched_as->accept).c_str()));
        set(CURLOPT_HTTPHEADER, one.headers.get());
        set(CURLOPT_WRITEFUNCTION, &keep);
    } else {
        set(CURLOPT_POST, 1L);
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(one.what.form.size()));
        set(CURLOPT_POSTFIELDS, one.what.form.data());
        set(CURLOPT_WRITEFUNCTION, &drop);
    }
    set(CURLOPT_USERAGENT, "Kommpass");
    set(CURLOPT_WRITEDATA, &one);
    set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    set(CURLOPT_OPENSOCKETDATA, &one);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(one.what.within.count()));
    set(CURLOPT_ERRORBUFFER, &one.why[0]);
    // A connection of before was judged under what the name resolved to then.
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
    return good;
}

call_failure stopping() { return {false, "the service stops"}; }

std::string content_type_of(const running& one) {
    const char* said = nullptr;
    ::curl_easy_getinfo(one.handle.get(), CURLINFO_CONTENT_TYPE, &said);
    return said == nullptr ? std::string() : std::string(said);
}

answer outcome_of(running& one, CURLcode code) {
    if (!one.forbidden.empty() && !one.allowed)
        return call_failure{true, host_of(one.what.uri) + " is " + one.forbidden +
                                      "; [applications] allow_networks can allow it"};
    if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
        return call_failure{true, "\"" + one.what.uri + "\" is no https address"};
    // The status says it all: a body that is too long or never ends changes nothing.
    long status = 0;
    ::curl_easy_getinfo(one.handle.get(), CURLINFO_RESPONSE_CODE, &status);
    if (one.fetched_as && status >= 200)
        return code == CURLE_OK || status != 200
                   ? answer(heard_answer{{static_cast<unsigned>(status), {}},
                                         std::move(one.body),
                                         content_type_of(one)})
                   : answer(call_failure{false, host_of(one.what.uri) +
                                                    " sends more than is taken, or stops midway"});
    if (status >= 200) {
        curl_off_t after = 0;
        ::curl_easy_getinfo(one.handle.get(), CURLINFO_RETRY_AFTER, &after);
        return heard_answer{{static_cast<unsigned>(status), std::chrono::seconds(after)}, {}};
    }
    const std::string said = one.why[0] != '\0' ? &one.why[0] : ::curl_easy_strerror(code);
    return call_failure{false, host_of(one.what.uri) + ": " + said};
}

}  // namespace

class https_caller::loop {
public:
    loop(application_addresses permitted, const std::filesystem::path& ca_file)
        : permitted_(std::move(permitted)), ca_file_(ca_file.string()) {
        static const auto ready = ::curl_global_init(CURL_GLOBAL_DEFAULT);
        multi_ = ready == CURLE_OK ? ::curl_multi_init() : nullptr;
        if (multi_ == nullptr)
            throw std::runtime_error("libcurl could not be started: applications cannot be told");
        ::curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, most_connections);
        thread_ = std::thread([this] {
            ::pthread_setname_np(::pthread_self(), "outgoing");
            run();
        });
    }

    ~loop() {
        stop();
        thread_.join();
        ::curl_multi_cleanup(multi_);
    }

    loop(const loop&) = delete;
    loop& operator=(const loop&) = delete;

    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopped_ = true;
        }
        ::curl_multi_wakeup(multi_);
    }

    void add(call what, std::optional<fetch> as, on_answer tell) {
        auto one = std::make_unique<running>();
        one->what = std::move(what);
        one->fetched_as = std::move(as);
        one->tell = std::move(tell);
        one->permitted = &permitted_;
        {
            const std::lock_guard lock(mutex_);
            if (!stopped_) {
                asked_.push_back(std::move(one));
                ::curl_multi_wakeup(multi_);
                return;
            }
        }
        one->tell(stopping());
    }

private:
    void run() {
        while (take_in()) {
            int under_way = 0;
            ::curl_multi_perform(multi_, &under_way);
            hand_out();
            ::curl_multi_poll(multi_, nullptr, 0, look_up_ms, nullptr);
        }
        for (auto& [handle, one] : running_) {
            ::curl_multi_remove_handle(multi_, handle);
            one->tell(stopping());
        }
        running_.clear();
    }

    // False: it is over.
    bool take_in() {
        std::vector<std::unique_ptr<running>> asked;
        bool over = false;
        {
            const std::lock_guard lock(mutex_);
            asked.swap(asked_);
            over = stopped_;
        }
        for (auto& one : asked) {
            if (over || !make_ready(*one, ca_file_) ||
                ::curl_multi_add_handle(multi_, one->handle.get()) != CURLM_OK) {
                one->tell(over ? stopping() : call_failure{false, "there is no memory for it"});
                continue;
            }
            auto* const handle = one->handle.get();
            running_.emplace(handle, std::move(one));
        }
        return !over;
    }

    void hand_out() {
        int left = 0;
        while (const auto* said = ::curl_multi_info_read(multi_, &left)) {
            if (said->msg != CURLMSG_DONE) continue;
            const auto code = said->data.result;
            const auto found = running_.find(said->easy_handle);
            if (found == running_.end()) continue;
            const auto one = std::move(found->second);
            running_.erase(found);
            ::curl_multi_remove_handle(multi_, one->handle.get());
            one->tell(outcome_of(*one, code));
        }
    }

    const application_addresses permitted_;
    const std::string ca_file_;
    CURLM* multi_ = nullptr;
    std::map<CURL*, std::unique_ptr<running>> running_;  // of the thread
    std::mutex mutex_;
    std::vector<std::unique_ptr<running>> asked_;
    bool stopped_ = false;
    std::thread thread_;
};

https_caller::https_caller(application_addresses permitted, const std::filesystem::path& ca_file)
    : loop_(std::make_unique<loop>(std::move(permitted), ca_file)) {}

https_caller::~https_caller() = default;

void https_caller::stop() { loop_->stop(); }

namespace {

// Goes on on the executor of who awaits it.
boost::asio::awaitable<std::shared_ptr<answer>> said_by(https_caller::loop& loop, call what,
                                                        std::optional<fetch> as) {
    const auto executor = co_await boost::asio::this_coro::executor;
    auto initiate = [&loop, &what, &as, executor](auto handler) {
        auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
        auto guard = boost::asio::make_work_guard(executor);
        loop.add(std::move(what), std::move(as), [waiting, guard, executor](answer said) {
            auto kept = std::make_shared<answer>(std::move(said));
            boost::asio::post(executor, [waiting, kept] { std::move (*waiting)(kept); });
        });
    };
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                                   void(std::shared_ptr<answer>)>(
        std::move(initiate), boost::asio::use_awaitable);
}

}  // namespace

boost::asio::awaitable<result<called, call_failure>> https_caller::post(call what) {
    const auto said = co_await said_by(*loop_, std::move(what), std::nullopt);
    if (!*said) co_return said->error();
    co_return (*said)->said;
}

boost::asio::awaitable<result<fetched, call_failure>> https_caller::get(fetch wanted) {
    const auto host = host_of(wanted.uri);
    call what{wanted.uri, {}, wanted.within};
    const auto said = co_await said_by(*loop_, std::move(what), std::move(wanted));
    if (!*said) co_return said->error();
    if ((*said)->said.status != 200)
        co_return call_failure{false, host + " answers " + std::to_string((*said)->said.status)};
    co_return fetched{std::move((*said)->body), std::move((*said)->content_type)};
}

}  // namespace kommpass::idp::outgoing
