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

namespace {

constexpr std::size_t most_in_a_refusal = 8;

refusal groups_cut_off(const member_slug& member, const reading_extent& came) {
    refusal no{refusal::reason::unavailable, "groups_cut_off", {}, {member.str()}};
    for (auto& name : names_of_half_known(came, most_in_a_refusal))
        no.details.push_back(std::move(name));
    return no;
}

}  // namespace

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
        const auto id = found == known.end() ? person_id() : found->second;
        if (who.groups_cut_off && ++came.half_known <= reading_extent::most_named)
            came.named.push_back({id, who.login_name, who.display_name});
        cancelled = !take(who, id, of);
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
    if (came->half_known > 0) co_return groups_cut_off(member, *came);
    co_return true;
}

std::vector<std::string> names_of_half_known(const reading_extent& came, std::size_t most) {
    std::vector<std::string> names;
    for (const auto& one : came.named) {
        if (names.size() == most) break;
        names.push_back(one.display_name + " (" + one.login_name + ")");
    }
    const auto more = came.half_known - names.size();
    if (more > 0) names.push_back("+ " + std::to_string(more));
    return names;
}

refusal directory_cut_off(const member_slug& member, const reading_extent& came) {
    return {refusal::reason::unavailable, "directory_cut_off", {}, {member.str(), came.cut_off_by}};
}

}  // namespace kommpass::idp::admin
