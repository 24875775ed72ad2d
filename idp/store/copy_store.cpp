#include "idp/store/copy_store.hpp"

#include "idp/store/copying/side.hpp"
#include "idp/store/store.hpp"

#include <openssl/evp.h>

#include <memory>
#include <optional>

namespace kommpass::idp::store {
namespace copying {
namespace {

constexpr long long rows_in_page = 1'000;
constexpr std::string_view sqlite_scheme = "sqlite:";

bool is_sqlite(const std::string& url) { return url.starts_with(sqlite_scheme); }

std::unique_ptr<side> open_side(const std::string& url, bool is_target) {
    if (is_sqlite(url)) return open_sqlite_side(url.substr(sqlite_scheme.size()), is_target);
    if (url.starts_with("postgresql://") || url.starts_with("postgres://"))
        return open_postgresql_side(url, is_target);
    throw refusal("unknown store \"" + url + "\"; write sqlite:<file> or postgresql://...");
}

// SHA-256 over rows, each value with its length before it.
class rows_digest {
public:
    rows_digest() : context_(EVP_MD_CTX_new()) {
        EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
    }
    void add(const table& of, const row& one) {
        for (std::size_t at = 0; at < of.columns.size(); ++at) {
            const bool number = of.columns[at].kind == column_kind::integer;
            const auto bytes = number ? std::to_string(one[at].number) : one[at].bytes;
            const auto size = std::to_string(bytes.size()) + ":";
            EVP_DigestUpdate(context_.get(), size.data(), size.size());
            EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
        }
    }
    std::string hexadecimal() {
        unsigned char bytes[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        EVP_DigestFinal_ex(context_.get(), bytes, &size);
        constexpr std::string_view digits = "0123456789abcdef";
        std::string text;
        for (unsigned at = 0; at < size; ++at) {
            text += digits[bytes[at] >> 4U];
            text += digits[bytes[at] & 15U];
        }
        return text;
    }

private:
    struct free_context {
        void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    };
    std::unique_ptr<EVP_MD_CTX, free_context> context_;
};

copied_table sum_of(side& of, const table& which) {
    copied_table sum{which.name, 0, {}};
    rows_digest digest;
    table_access access(of.on(), which, of.is_postgresql());
    std::optional<row> last;
    for (;;) {
        auto page = access.page(last ? &*last : nullptr, rows_in_page);
        for (const auto& one : page) digest.add(which, one);
        sum.rows += page.size();
        if (page.size() < static_cast<std::size_t>(rows_in_page)) break;
        last = std::move(page.back());
    }
    sum.digest = digest.hexadecimal();
    return sum;
}

// Goes on behind the last row that the target has: pages come in the order of the key.
void copy_rows(side& from, side& to, const table& which, const copy_progress& tell) {
    table_access source(from.on(), which, from.is_postgresql());
    table_access target(to.on(), which, to.is_postgresql());
    auto last = target.last();
    std::uint64_t rows = 0;
    for (;;) {
        auto page = source.page(last.empty() ? nullptr : &last, rows_in_page);
        if (page.empty()) break;
        to.begin();
        for (const auto& one : page) target.put(one);
        to.commit();
        rows += page.size();
        if (tell) tell(which.name, rows);
        last = std::move(page.back());
    }
    if (!which.is_numbered) return;
    const auto greatest = last.empty() ? 0 : last[which.key.front()].number;
    to.begin();
    to.go_on_behind(which, std::max(greatest, from.last_number(which)));
    to.commit();
}

void expect_empty(side& to, const std::vector<table>& tables) {
    for (const auto& one : tables) {
        if (!table_access(to.on(), one, to.is_postgresql()).last().empty())
            throw refusal("the target is in use: its table " + one.name +
                          " holds rows; name a new file or an empty database");
    }
}

std::vector<copied_table> copy(side& from, side& to, const std::string& source,
                               const copy_progress& tell) {
    const auto tables = tables_of_sqlite(from.is_postgresql() ? to.on() : from.on());
    from.hold();
    const auto begun = to.mark();
    if (!begun.empty() && begun != source)
        throw refusal("the target holds an unfinished copy of " + begun +
                      "; name a new file or an empty database");
    if (begun.empty()) {
        expect_empty(to, tables);
        to.begin();
        to.set_mark(source);
        to.commit();
    }
    for (const auto& one : tables) copy_rows(from, to, one, tell);
    std::vector<copied_table> sums;
    for (const auto& one : tables) {
        auto sum = sum_of(from, one);
        const auto there = sum_of(to, one);
        if (sum.rows != there.rows || sum.digest != there.digest)
            throw refusal("the table " + one.name + " differs: " + std::to_string(sum.rows) +
                          " rows here, " + std::to_string(there.rows) +
                          " there; the source was written to between two attempts. Name a new "
                          "target");
        sums.push_back(std::move(sum));
    }
    to.begin();
    to.remove_mark();
    to.commit();
    return sums;
}

}  // namespace
}  // namespace copying

result<std::vector<copied_table>, std::string> copy_store(const std::string& from,
                                                          const std::string& to,
                                                          const copy_progress& tell) {
    using answer = result<std::vector<copied_table>, std::string>;
    if (copying::is_sqlite(from) == copying::is_sqlite(to))
        return answer(
            std::string("a copy goes from sqlite:<file> to postgresql://... or back; to "
                        "copy within one of them, make a backup and restore it"));
    try {
        const auto source = copying::open_side(from, false);
        const auto target = copying::open_side(to, true);
        return answer(copying::copy(*source, *target, from, tell));
    } catch (const copying::refusal& words) {
        return answer(std::string(words.what()));
    } catch (const std::exception& failure) {
        return answer("the copy has stopped: " + std::string(failure.what()) +
                      "; run it again, and it goes on from there");
    }
}

}  // namespace kommpass::idp::store
