#pragma once

#include "idp/store/store.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace kommpass::idp::store {

struct postgresql_options {
    std::size_t waiting_bound = 100'000;  // units of work; writes and reads each
    std::size_t largest_batch = 512;      // writes in one commit
    unsigned write_lanes = 2;             // connections that write, each with a thread of its own
    unsigned read_lanes = 4;              // connections that read
    // How long one server may take to let us in, and how long an answer may take; then the
    // connection is closed.
    std::chrono::milliseconds connecting{3'000};
    std::chrono::milliseconds answering{5'000};
    // How long a commit that nobody answered is asked after before its units get `unavailable`.
    std::chrono::milliseconds deciding{10'000};
    // As in sqlite_options.
    std::function<void(const std::string&)> report{};
    std::function<void(bool fails)> writing{};
    std::function<void(bool fails)> reading{};
    // Told on an engine thread of what went well in the end, with the reason: "repeated" (a batch
    // after a conflict or a lost connection), "kept" and "void" (what became of a commit that
    // nobody answered). May be empty.
    std::function<void(const char* what, const std::string& why)> noticed{};
};

// Opens the store in this database (`url`: postgresql://..., see postgresql/address.hpp), makes its
// schema if there is none, and brings an older one up to date; several nodes may do so at the same
// time. The error is a sentence for the operator: it names the address, what is wrong (no way to
// it, another encoding, another program's tables, a newer Kommpass's, a role without rights, a
// pooler that changes connections between transactions) and the remedy; nothing was changed then.
[[nodiscard]] result<std::unique_ptr<store>, std::string> open_postgresql_store(
    const std::string& url, postgresql_options = {});

struct store_look;

// What the database holds (open_store.hpp); makes, migrates and changes nothing.
[[nodiscard]] result<store_look, std::string> look_at_postgresql_store(const std::string& url);

}  // namespace kommpass::idp::store
