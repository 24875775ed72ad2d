#pragma once

#include "idp/store/guess_counts.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class guess_counts final : public guess_count_store {
public:
    explicit guess_counts(database& on);
    instant shared_time(instant callers) override { return on_.shared_time(callers); }
    long long next_version() override;
    guess_count add(const guess_difference&, instant shared_now, long long version) override;
    guess_count find(std::string_view name, instant shared_now) override;
    guess_counts_seen changed_since(long long version, std::size_t limit,
                                    instant shared_now) override;
    void node_lives_on(std::string_view node, instant shared_now) override;
    void node_left(std::string_view node) override;
    std::vector<std::string> nodes_beside(std::string_view node, instant shared_now) override;

private:
    // A row as it lies there; times are the shared ones, 0: never.
    struct row {
        std::string name{};
        long long wrong = 0;
        long long wrong_of_known = 0;
        long long running = 0;
        instant last_wrong{};
        instant last_of_known{};
        instant last_reserved{};
        instant began_at{};
        instant kept_until{};
        long long version = 0;
    };
    [[nodiscard]] static row read(rows& from);
    // What is over counts as nothing, and lost places as wrong passwords. `kept_for`: how long
    // wrong passwords count, where who asks says so.
    static void bring_up_to_date(row&, instant shared_now,
                                 std::optional<std::chrono::seconds> kept_for = {});
    [[nodiscard]] static guess_count told(const row&, instant shared_now);
    [[nodiscard]] row current(std::string_view name, instant shared_now,
                              std::optional<std::chrono::seconds> kept_for = {});

    database& on_;
    statement version_;
    statement find_;
    statement put_;
    statement changed_;
    statement seen_;
    statement left_;
    statement beside_;
    statement forget_nodes_;
};

}  // namespace kommpass::idp::store::sql
