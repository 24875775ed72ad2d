#pragma once

#include "idp/store/outbox.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class outbox final : public outbox_store {
public:
    explicit outbox(database& on);
    long long put(std::string_view topic, std::string_view lane, std::string_view payload_json,
                  instant now) override;
    std::vector<outbox_entry> due(std::string_view topic, instant now, std::size_t limit) override;
    bool delivered(long long sequence) override;
    bool postpone(long long sequence, instant due_at, std::string_view error) override;
    bool bury(long long sequence, std::string_view error, instant now) override;
    std::optional<outbox_entry> find(long long sequence) override;
    std::vector<outbox_entry> dead(long long after, std::size_t limit) override;
    bool revive(long long sequence, instant now) override;
    bool drop(long long sequence) override;
    std::vector<outbox_count> counts() override;

private:
    statement insert_;
    statement due_;
    statement delivered_;
    statement postpone_;
    statement bury_;
    statement find_;
    statement dead_;
    statement revive_;
    statement drop_;
    statement counts_;
};

}  // namespace kommpass::idp::store::sql
