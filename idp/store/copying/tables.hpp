#pragma once

#include "idp/store/sql/statement.hpp"

#include <string>
#include <vector>

namespace kommpass::idp::store::copying {

enum class column_kind { integer, text, bytes };

struct column {
    std::string name;
    column_kind kind = column_kind::text;
};

struct table {
    std::string name;
    std::vector<column> columns;
    std::vector<std::size_t> key;  // places in `columns`
    bool is_numbered = false;      // the key is a number that the database gives
};

// A row's values by column. Absent and empty bytes are one and the same to all that reads them.
struct value {
    std::string bytes;
    long long number = 0;
};
using row = std::vector<value>;

// Every table that a store keeps its state in, as SQLite's catalogue has it: both engines have the
// same ones, which a test makes sure of.
[[nodiscard]] std::vector<table> tables_of_sqlite(sql::database&);

// Reads and writes one table of one database, page by page in the order of the key.
class table_access {
public:
    table_access(sql::database& on, const table& of, bool is_postgresql);

    // At most `limit` rows behind `after`; behind nothing: the first ones.
    std::vector<row> page(const row* after, long long limit);
    void put(const row&);
    // The row with the greatest key; empty: there is none.
    row last();

private:
    void bind(sql::prepared&, int at, std::size_t column, const row&);

    sql::database& on_;
    const table& table_;
    std::string first_;
    std::string next_;
    std::string last_;
    std::string insert_;
    std::unique_ptr<sql::prepared> first_page_;
    std::unique_ptr<sql::prepared> next_page_;
    std::unique_ptr<sql::prepared> last_row_;
    std::unique_ptr<sql::prepared> insertion_;
};

}  // namespace kommpass::idp::store::copying
