#include "idp/store/copying/tables.hpp"

#include "idp/store/sql/storable_text.hpp"

#include <algorithm>

namespace kommpass::idp::store::copying {
namespace {

std::string joined(const table& of, const std::vector<std::size_t>& places, const char* behind) {
    std::string names;
    for (const auto at : places) {
        if (!names.empty()) names += ", ";
        names += of.columns[at].name + behind;
    }
    return names;
}

std::string questions(std::size_t count) {
    std::string all;
    for (std::size_t n = 0; n < count; ++n) all += n == 0 ? "?" : ", ?";
    return all;
}

std::vector<std::size_t> all_places(const table& of) {
    std::vector<std::size_t> places;
    for (std::size_t at = 0; at < of.columns.size(); ++at) places.push_back(at);
    return places;
}

column_kind kind_of_sqlite(const std::string& type) {
    if (type == "INTEGER") return column_kind::integer;
    return type == "BLOB" ? column_kind::bytes : column_kind::text;
}

}  // namespace

std::vector<table> tables_of_sqlite(sql::database& on) {
    std::vector<table> all;
    sql::statement names(on,
                         "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE"
                         " 'sqlite\\_%' ESCAPE '\\' AND name NOT IN ('schema_version',"
                         " 'store_copy') ORDER BY name");
    for (auto answer = names.query(); answer.next();) answer.read(all.emplace_back().name);
    sql::statement columns(on, "SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid");
    for (auto& one : all) {
        std::vector<std::pair<long long, std::size_t>> key;
        for (auto answer = columns.query(std::string_view(one.name)); answer.next();) {
            std::string type;
            long long place_in_key = 0;
            auto& made = one.columns.emplace_back();
            answer.read(made.name, type, place_in_key);
            made.kind = kind_of_sqlite(type);
            if (place_in_key > 0) key.emplace_back(place_in_key, one.columns.size() - 1);
        }
        std::sort(key.begin(), key.end());
        for (const auto& [place, at] : key) one.key.push_back(at);
        one.is_numbered = one.key.size() == 1 && one.name != "audit" && one.name != "sealed_keys" &&
                          one.name != "registry_revision" && one.name != "audit_checkpoint" &&
                          one.columns[one.key.front()].kind == column_kind::integer;
    }
    return all;
}

table_access::table_access(sql::database& on, const table& of, bool is_postgresql)
    : on_(on), table_(of) {
    const auto every = all_places(of);
    const auto select = "SELECT " + joined(of, every, "") + " FROM " + of.name;
    const auto in_order = " ORDER BY " + joined(of, of.key, "");
    first_ = select + in_order + " LIMIT ?";
    next_ = select + " WHERE (" + joined(of, of.key, "") + ") > (" + questions(of.key.size()) +
            ")" + in_order + " LIMIT ?";
    last_ = select + " ORDER BY " + joined(of, of.key, " DESC") + " LIMIT 1";
    std::string places;
    for (const auto& one : of.columns) {
        if (!places.empty()) places += ", ";
        if (of.name != "audit" || one.kind != column_kind::bytes)
            places += "?";
        else  // only there a value may be absent
            places +=
                is_postgresql ? "nullif(CAST(? AS bytea), CAST('' AS bytea))" : "nullif(?, x'')";
    }
    insert_ = "INSERT INTO " + of.name + " (" + joined(of, every, "") + ") VALUES (" + places + ")";
}

void table_access::bind(sql::prepared& to, int at, std::size_t column, const row& from) {
    const auto& one = from[column];
    switch (table_.columns[column].kind) {
        case column_kind::integer:
            return to.bind_integer(at, one.number);
        case column_kind::bytes:
            return to.bind_bytes(at, one.bytes);
        case column_kind::text:
            return to.bind_text(at, one.bytes, sql::prepared::bytes_are::kept);
    }
}

namespace {

std::vector<row> rows_of(sql::prepared& of, const table& in) {
    std::vector<row> all;
    while (of.next()) {
        auto& one = all.emplace_back();
        for (std::size_t at = 0; at < in.columns.size(); ++at) {
            auto& made = one.emplace_back();
            if (in.columns[at].kind == column_kind::integer)
                made.number = of.integer(static_cast<int>(at));
            else
                made.bytes = of.bytes(static_cast<int>(at));
            if (in.columns[at].kind == column_kind::text && !sql::is_storable(made.bytes))
                made.bytes = sql::made_storable(made.bytes);
        }
    }
    of.reset();
    return all;
}

}  // namespace

std::vector<row> table_access::page(const row* after, long long limit) {
    auto& kept = after == nullptr ? first_page_ : next_page_;
    if (!kept) kept = on_.prepare((after == nullptr ? first_ : next_).c_str());
    int at = 0;
    if (after != nullptr)
        for (const auto column : table_.key) bind(*kept, at++, column, *after);
    kept->bind_integer(at, limit);
    return rows_of(*kept, table_);
}

void table_access::put(const row& one) {
    if (!insertion_) insertion_ = on_.prepare(insert_.c_str());
    for (std::size_t column = 0; column < table_.columns.size(); ++column)
        bind(*insertion_, static_cast<int>(column), column, one);
    insertion_->send();
    insertion_->reset();
}

row table_access::last() {
    if (!last_row_) last_row_ = on_.prepare(last_.c_str());
    auto found = rows_of(*last_row_, table_);
    return found.empty() ? row() : std::move(found.front());
}

}  // namespace kommpass::idp::store::copying
