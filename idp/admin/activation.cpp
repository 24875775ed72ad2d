// How a set-up comes to be in force: the member's document, the draft that goes, and who
// administers it, in one unit of work.
#include "idp/admin/set_up.hpp"

#include "config/vocabulary/utf8.hpp"
#include "directory/sign_in.hpp"
#include "idp/admin/directory_approval.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/persons.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/registry/directories_of.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/record_id.hpp"
#include "idp/store/set_ups.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

grant_request administration_of(const member_slug& member, const person_id& person) {
    grant_request wanted;
    wanted.member = member;
    wanted.person = person;
    wanted.role = role_name("fed.mandantenadmin");
    wanted.reason = "Verzeichnis eingerichtet";
    return wanted;
}

// Somebody of the directory that is about to be in force: known already, or to be made known.
awaitable<answer<store::person>> person_of_draft(operation_context& at,
                                                 const policies::member& draft,
                                                 std::string user_name) {
    if (utf8_length(user_name) > 256) co_return invalid("administrator", "name_too_long");
    auto settings = std::make_shared<const directory_settings>(
        registry::opened_directory(*at.keys.get(), draft));
    const auto found =
        co_await at.directories.find_drafted(draft.slug, std::move(settings), std::move(user_name));
    if (!found) {
        using directory::look_up_error;
        const auto why = found.error().error;
        if (why == look_up_error::no_such_person || why == look_up_error::disabled)
            co_return invalid("administrator", "unknown_person");
        co_return refusal{
            refusal::reason::unavailable, "directory_unavailable", {}, {draft.slug.str()}};
    }
    const store::person arriving{person_id(store::new_record_id(at.random, at.time.now())),
                                 draft.slug, found->id, at.time.now()};
    auto read = [&](store::transaction& t) {
        return t.persons().find(arriving.member, arriving.directory).value_or(arriving);
    };
    auto known = co_await at.memory.read(read);
    if (!known) co_return store_silent();
    co_return std::move(*known);
}

// Whose name was mistyped is asked for again, when the directory is in force already.
awaitable<answer<activated_set_up>> ask_administrator(operation_context& at, const actor& who,
                                                      member_slug member, std::string name) {
    activated_set_up made{at.registry.get()->revision(), std::nullopt};
    if (name.empty()) co_return made;
    auto person = co_await find_person(at, who, member, std::move(name));
    if (!person) {
        if (person.error().code == "unknown_person")
            co_return invalid("administrator", "unknown_person");
        co_return person.error();
    }
    auto wanted = administration_of(member, person->id);
    auto granted = co_await request_grant(at, who, std::move(wanted));
    if (!granted) co_return granted.error();
    made.administrator = std::move(*granted);
    co_return made;
}

}  // namespace

awaitable<answer<long long>> put_in_force(operation_context& at, const actor& who,
                                          const set_up_view& view, registry_change beside) {
    if (view.tested_at == instant{}) co_return invalid({}, "test_first");
    const auto member = view.draft.slug;
    auto change = std::move(beside);
    const bool is_approved = !change.repointed.empty();
    change.edit = [&view, is_approved, also = std::move(change.edit)](
                      policies::registry& all) -> std::optional<refusal> {
        const auto found = all.members.find(view.draft.slug);
        if (found == all.members.end()) return no_such_thing();
        // What was agreed to was shown beside what it replaces.
        if (is_approved && !(found->second == view.in_force))
            return refusal{refusal::reason::stale, "stale", {}, {}};
        found->second.directory = view.draft.directory;
        found->second.help_contact = view.draft.help_contact;
        found->second.active = true;
        return also ? also(all) : std::nullopt;
    };
    change.also = [member](store::transaction& t) { t.set_ups().remove(member); };
    auto done = co_await change_registry(at, who, std::move(change));
    if (!done) co_return done.error();
    // This thread's directories have the member once what the change told it has run.
    const auto executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
    co_return done->revision;
}

awaitable<answer<activated_set_up>> activate_set_up(operation_context& at, const actor& who,
                                                    member_slug member, std::string administrator,
                                                    std::string why) {
    auto view = co_await look_at_set_up(at, who, member);
    if (!view) co_return view.error();
    const auto running = at.registry.get();
    const bool is_in_force =
        view->changed_at == instant{} && running->find_active_member(member) != nullptr;
    if (is_in_force)
        co_return co_await ask_administrator(at, who, std::move(member), std::move(administrator));
    // Before anything is looked up: what nobody has tested is not asked for persons.
    if (view->tested_at == instant{}) co_return invalid({}, "test_first");
    const auto second = co_await needs_second_person(at, who, *view);
    if (!second) co_return second.error();
    activated_set_up made{running->revision(), std::nullopt};
    if (*second) {
        // Nobody is asked for a role in a directory that may never be in force.
        if (!administrator.empty()) co_return invalid("administrator", "after_approval");
        const auto asked = co_await ask_second_person(at, who, *view, std::move(why));
        if (!asked) co_return asked.error();
        made.waits = true;
        co_return made;
    }
    registry_change change;
    change.why = std::move(why);
    if (!administrator.empty()) {
        const auto person = co_await person_of_draft(at, view->draft, std::move(administrator));
        if (!person) co_return person.error();
        auto asked = ask_grant(at, who, administration_of(member, person->id));
        if (!asked) co_return asked.error();
        change.arriving = {*person};
        change.edit = asked->add;
        change.records = {asked->record};
        made.administrator = made_grant{asked->document.id, asked->waits, 0};
    }
    const auto revision = co_await put_in_force(at, who, *view, std::move(change));
    if (!revision) co_return revision.error();
    made.revision = *revision;
    if (made.administrator) made.administrator->revision = *revision;
    co_return made;
}

}  // namespace kommpass::idp::admin
