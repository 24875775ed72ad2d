#include "idp/admin/effects.hpp"

#include "config/vocabulary/directory_settings.hpp"
#include "directory/sign_in.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"
#include "idp/registry/directories_of.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/explain.hpp"

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;
using policies::document_kind;

constexpr std::size_t conflicts_shown = 20;

refusal directory_silent(const member_slug& member) {
    return {refusal::reason::unavailable, "directory_unavailable", {}, {member.str()}};
}

// The directory as the draft has it: its member may be new, or led elsewhere.
std::shared_ptr<const directory_settings> directory_in(operation_context& at,
                                                       const policies::snapshot& registry,
                                                       const member_slug& member) {
    const auto* found = registry.find_active_member(member);
    if (found == nullptr) return nullptr;
    return std::make_shared<const directory_settings>(
        registry::opened_directory(*at.keys.get(), *found));
}

awaitable<answer<member_effects>> effects_of_member(operation_context& at,
                                                    policies::snapshot_ptr before,
                                                    policies::snapshot_ptr after,
                                                    member_slug member, progress told) {
    auto drafted = directory_in(at, *after, member);
    if (!drafted) co_return member_effects{member, {}, {}};  // nobody of it, then
    policies::simulation run(std::move(before), std::move(after), at.today());
    take_person take = [&](const identity& who, const person_id& id, std::size_t of) {
        run.take(who, id);
        return told(run.result().persons, of);
    };
    auto came = co_await read_who_comes(at, member, std::move(take), std::move(drafted));
    if (!came) co_return came.error();
    co_return member_effects{member, run.result(), std::move(*came)};
}

void add_sentences(const actor& who, const policies::simulated& all, const member_slug& member,
                   std::vector<std::string>& out) {
    const bool visible = who.may(operation::see_roles, member);
    for (const auto& effect : all.effects) {
        for (const auto& one : effect.new_conflicts) {
            if (out.size() >= conflicts_shown) return;
            if (!visible) {
                out.push_back(member.str() + ": unvereinbare Rollen bei Personen dieses Mitglieds");
                return;
            }
            const auto& name =
                effect.display_name.empty() ? effect.login_name : effect.display_name;
            out.push_back(name + " (" + member.str() +
                          "): " + sentence(one, policies::language::de));
        }
    }
}

}  // namespace

awaitable<answer<std::vector<member_effects>>> effects_of(operation_context& at,
                                                          policies::snapshot_ptr before,
                                                          policies::snapshot_ptr after,
                                                          std::vector<member_slug> members,
                                                          progress told) {
    std::vector<member_effects> all;
    std::size_t done = 0;
    std::size_t total = 0;
    for (const auto& member : members) {
        progress sum = [&](std::size_t now, std::size_t of) {
            return told(done + now, total + of);
        };
        auto made = co_await effects_of_member(at, before, after, member, std::move(sum));
        if (!made) co_return made.error();
        done += made->effects.persons;
        total = done;
        all.push_back(std::move(*made));
    }
    co_return all;
}

concerned concerned_by(const policies::registry& before, const policies::registry& after,
                       const std::vector<policies::document_change>& changes) {
    concerned whom;
    const auto everybody = [&] {
        for (const auto& [slug, one] : after.members) {
            if (one.active) whom.members.insert(slug);
        }
    };
    const auto person_of = [&](const auto& was, const auto& is, const std::string& key) {
        const auto* all = is.contains(key) ? &is : &was;
        const auto& one = all->at(key);
        whom.persons.emplace_back(one.member, one.person);
    };
    for (const auto& one : changes) {
        switch (one.kind) {
            case document_kind::mapping:
                if (!one.exists) break;  // takes away only
                for (const auto& owner : {one.member, after.mappings.at(one.key).member}) {
                    if (owner)
                        whom.members.insert(*owner);
                    else
                        everybody();
                }
                break;
            case document_kind::grant:
                person_of(before.grants, after.grants, one.key);
                break;
            case document_kind::withdrawal:
                person_of(before.withdrawals, after.withdrawals, one.key);
                break;
            case document_kind::exception:
                person_of(before.exceptions, after.exceptions, one.key);
                break;
            // A new rule or catalogue meets what is there already: that is reported, person by
            // person, and not the fault of this change.
            case document_kind::application:
            case document_kind::constraint:
            case document_kind::member:
            case document_kind::subscription:
                break;
        }
    }
    // Whose directory is still being set up has nobody.
    const auto has_nobody = [&](const member_slug& slug) {
        const auto found = after.members.find(slug);
        return found == after.members.end() || !found->second.active;
    };
    std::erase_if(whom.members, has_nobody);
    std::erase_if(whom.persons, [&](const auto& one) {
        return whom.members.contains(one.first) || has_nobody(one.first);
    });
    return whom;
}

awaitable<answer<std::vector<std::string>>> conflicts_of(
    operation_context& at, const actor& asking, policies::snapshot_ptr before,
    policies::snapshot_ptr after, const std::vector<policies::document_change>& changes) {
    std::vector<std::string> sentences;
    if (after->documents().constraints.empty()) co_return sentences;
    const auto whom = concerned_by(before->documents(), after->documents(), changes);
    progress silent = [](std::size_t, std::size_t) { return true; };
    const std::vector<member_slug> members(whom.members.begin(), whom.members.end());
    const auto all = co_await effects_of(at, before, after, members, std::move(silent));
    if (!all) co_return all.error();
    const member_effects* cut_off = nullptr;
    for (const auto& one : *all) {
        if (!one.came.everybody()) cut_off = &one;
        add_sentences(asking, one.effects, one.member, sentences);
    }
    if (cut_off != nullptr && sentences.empty())
        co_return directory_cut_off(cut_off->member, cut_off->came);
    for (const auto& [member, id] : whom.persons) {
        auto find = [wanted = id](store::transaction& t) { return t.persons().find(wanted); };
        const auto person = co_await at.memory.read(find);
        if (!person) co_return store_silent();
        if (!*person) continue;
        auto drafted = directory_in(at, *after, member);
        if (!drafted) continue;
        const auto who = co_await at.directories.look_up_drafted(member, std::move(drafted),
                                                                 (*person)->directory);
        if (!who) {
            const bool gone = who.error().error == directory::look_up_error::no_such_person ||
                              who.error().error == directory::look_up_error::disabled;
            if (gone) continue;
            co_return directory_silent(member);
        }
        policies::simulation run(before, after, at.today());
        run.take(*who, id);
        add_sentences(asking, run.result(), member, sentences);
    }
    co_return sentences;
}

}  // namespace kommpass::idp::admin
