#include "idp/store/postgresql/prepared_statement.hpp"

#include "idp/store/sql/storable_text.hpp"

#include <atomic>

namespace kommpass::idp::store::postgresql {
std::string with_numbered_parameters(std::string_view text) {
    std::string numbered;
    int next = 0;
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\'') quoted = !quoted;
        if (c != '?' || quoted) {
            numbered += c;
            continue;
        }
        numbered += '$';
        const bool has_number = at + 1 < text.size() && text[at + 1] >= '0' && text[at + 1] <= '9';
        if (!has_number) numbered += std::to_string(++next);
    }
    return numbered;
}

prepared_statement::prepared_statement(connection& on, const char* text)
    : connection_(on), text_(with_numbered_parameters(text)) {
    static std::atomic<unsigned long long> made{0};
    name_ = "k" + std::to_string(++made);  // no two on a connection are alike
}

prepared_statement::value& prepared_statement::at_place(int at) {
    const auto place = static_cast<std::size_t>(at);
    if (values_.size() <= place) values_.resize(place + 1);
    return values_[place];
}

void prepared_statement::bind_text(int at, std::string_view text, bytes_are whose) {
    auto& one = at_place(at);
    const bool fits = sql::is_storable(text);
    if (!fits || whose == bytes_are::passing) {
        one.own = fits ? std::string(text) : sql::made_storable(text);
        one.sent = {nullptr, static_cast<int>(one.own.size()), true};
        return;
    }
    one.sent = {text.data() != nullptr ? text.data() : "", static_cast<int>(text.size()), true};
}

void prepared_statement::bind_bytes(int at, std::string_view bytes) {
    at_place(at).sent = {bytes.data() != nullptr ? bytes.data() : "",
                         static_cast<int>(bytes.size()), true};
}

void prepared_statement::bind_integer(int at, long long number) {
    auto& one = at_place(at);
    one.own = std::to_string(number);
    one.sent = {nullptr, 0, false};
}

void prepared_statement::queue() {
    parameters_.clear();
    for (const auto& one : values_) {
        parameters_.push_back(one.sent);
        if (one.sent.data == nullptr) parameters_.back().data = one.own.c_str();
    }
    connection_.queue_prepared(name_, text_, made_in_, parameters_);
}

bool prepared_statement::next() {
    if (!ran_) {
        queue();
        result_ = connection_.exchange();
        changes_ = result_.changes();
        ran_ = true;
        row_ = -1;
    }
    return ++row_ < result_.rows();
}

void prepared_statement::send() {
    queue();
    if (connection_.is_one_by_one()) connection_.exchange();
}

void prepared_statement::reset() noexcept {
    result_ = query_result();
    ran_ = false;
    row_ = -1;
}

}  // namespace kommpass::idp::store::postgresql
