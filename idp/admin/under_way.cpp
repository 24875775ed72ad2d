#include "idp/admin/under_way.hpp"

#include "idp/admin/actor.hpp"

#include <utility>

namespace kommpass::idp::admin {
namespace {

void give_back(std::map<std::string, std::size_t>& counts, const std::string& key) {
    const auto found = counts.find(key);
    if (--found->second == 0) counts.erase(found);
}

}  // namespace

under_way::place::place(std::shared_ptr<counts> in, std::string of_actor, std::string of_member)
    : in_(std::move(in)), actor_(std::move(of_actor)), member_(std::move(of_member)) {}

under_way::place::~place() {
    if (!in_) return;
    const std::lock_guard lock(in_->mutex);
    give_back(in_->by_actor, actor_);
    give_back(in_->by_member, member_);
}

std::optional<under_way::place> under_way::enter(const actor& who) {
    const auto& member = who.member().str();
    const std::lock_guard lock(counts_->mutex);
    auto& of_actor = counts_->by_actor[who.id()];
    auto& of_member = counts_->by_member[member];
    if (of_actor >= most_of_actor || of_member >= most_of_member) {
        if (of_actor == 0) counts_->by_actor.erase(who.id());
        return std::nullopt;
    }
    ++of_actor;
    ++of_member;
    return place(counts_, who.id(), member);
}

}  // namespace kommpass::idp::admin
