#include "idp/admin/everybody.hpp"

#include "directory/sign_in.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <unordered_map>
#include <utility>

namespace kommpass::idp::admin {

using boost::asio::awaitable;
using directory::look_up_error;

awaitable<answer<reading_extent>> read_who_comes(
    operation_context& at, member_slug member, take_person take,
    std::shared_ptr<const directory_settings> drafted) {
    auto read = [member](store::transaction& t) { return t.persons().of_member(member); };
    const auto persons = co_await at.memory.read(read);
    if (!persons) co_return store_silent();
    std::unordered_map<std::string, person_id> known;
    for (const auto& one : *persons) known.emplace(one.directory.str(), one.id);
    bool cancelled = false;
    reading_extent came;
    std::function<bool(const identity&, std::size_t)> on_person = [&](const identity& who,
                                                                      std::size_t of) {
        const auto found = known.find(who.id.str());
        if (who.groups_cut_off) ++came.half_known;
        cancelled = !take(who, found == known.end() ? person_id() : found->second, of);
        return !cancelled;
    };
    auto reading =
        drafted ? at.directories.read_drafted(member, std::move(drafted), std::move(on_person))
                : at.directories.read_identities(member, std::move(on_person));
    const auto done = co_await std::move(reading);
    if (cancelled) co_return refusal{refusal::reason::unavailable, "cancelled", {}, {}};
    if (done) co_return came;
    if (done.error().error == look_up_error::cut_off) {
        came.cut_off_by = done.error().detail;
        co_return came;
    }
    co_return refusal{refusal::reason::unavailable, "directory_unavailable", {}, {member.str()}};
}

awaitable<answer<bool>> read_everybody(operation_context& at, member_slug member,
                                       take_person take) {
    const auto came = co_await read_who_comes(at, member, std::move(take));
    if (!came) co_return came.error();
    if (!came->everybody()) co_return directory_cut_off(member, *came);
    co_return true;
}

refusal directory_cut_off(const member_slug& member, const reading_extent& came) {
    return {refusal::reason::unavailable, "directory_cut_off", {}, {member.str(), came.cut_off_by}};
}

}  // namespace kommpass::idp::admin
