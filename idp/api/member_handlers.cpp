// Members, and the set-up of their directories.
#include "config/settings.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/directory_approval.hpp"
#include "idp/admin/document_json.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/admin/members.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/set_up.hpp"
#include "idp/api/handlers.hpp"
#include "idp/api/json_views.hpp"
#include "idp/api/shown_version.hpp"
#include "idp/jose/key_ring.hpp"
#include "policies/words.hpp"

namespace kommpass::idp::api {
namespace {

using boost::asio::awaitable;
using boost::json::object;

member_slug member_of(const call& c) { return member_slug(c.in_path("member")); }

// Fills what the body gives; remembers the first field that is wrong.
class entries_reader {
public:
    explicit entries_reader(const call& c) : c_(c) {}

    void take(const char* name, std::optional<std::string>& into) {
        if (!c_.has(name)) return;
        auto text = c_.text(name);
        if (text)
            into = std::move(*text);
        else
            wrong(text.error());
    }
    void take(const char* name, std::optional<std::vector<std::string>>& into) {
        if (!c_.has(name)) return;
        auto texts = c_.texts_in(name);
        if (texts)
            into = std::move(*texts);
        else
            wrong(texts.error());
    }
    void take(const char* name, std::optional<bool>& into) {
        if (!c_.has(name)) return;
        const auto truth = c_.truth(name);
        if (truth)
            into = *truth;
        else
            wrong(truth.error());
    }
    void take(const char* name, std::optional<std::size_t>& into) {
        if (!c_.has(name)) return;
        constexpr std::int64_t most = 1'000'000;
        const auto* const number = c_.body.at(name).if_int64();
        if (number == nullptr || *number < 0 || *number > most)
            wrong(invalid(name, "must_be_count"));
        else
            into = static_cast<std::size_t>(*number);
    }
    template <class Enum, std::size_t Size>
    void take(const char* name, std::optional<Enum>& into,
              const policies::words::table<Enum, Size>& known) {
        std::optional<std::string> word;
        take(name, word);
        if (!word) return;
        for (const auto& [text, one] : known) {
            if (text == *word) into = one;
        }
        if (!into) wrong(invalid(name, "unknown_word"));
    }
    void wrong(refusal no) {
        if (!mistake) mistake = std::move(no);
    }

    std::optional<refusal> mistake;

private:
    const call& c_;
};

answer<set_up_entries> entries_in(const call& c) {
    namespace words = policies::words;
    set_up_entries given;
    entries_reader reader(c);
    reader.take("vendor", given.vendor, words::vendors);
    reader.take("urls", given.urls);
    reader.take("transport", given.transport, words::transports);
    reader.take("ca_certificate", given.ca_certificate);
    reader.take("bind_dn", given.bind_dn);
    std::optional<std::string> password;
    reader.take("bind_password", password);
    if (password) given.bind_password = secret_string(std::move(*password));
    reader.take("person_base", given.person_base);
    reader.take("person_filter", given.person_filter);
    reader.take("login_attributes", given.login_attributes);
    reader.take("group_base", given.group_base);
    reader.take("groups", given.groups, words::group_models);
    reader.take("member_of", given.member_of);
    reader.take("lockout_threshold", given.lockout_threshold);
    std::optional<std::size_t> minutes;
    reader.take("lockout_minutes", minutes);
    if (minutes) given.lockout_window = std::chrono::minutes(*minutes);
    reader.take("help_contact", given.help_contact);
    if (reader.mistake) return *std::move(reader.mistake);
    return given;
}

answer<member_facts> facts_in(const call& c) {
    member_facts facts;
    entries_reader reader(c);
    std::optional<std::string> name;
    std::optional<std::string> english;
    reader.take("name", name);
    reader.take("name_en", english);
    reader.take("name_variant", facts.name_variant);
    reader.take("domains", facts.domains);
    reader.take("help_contact", facts.help_contact);
    if (reader.mistake) return *std::move(reader.mistake);
    if (name) facts.name = policies::localized_text{*name, english.value_or(std::string())};
    return facts;
}

outcome set_up_outcome(const set_up_view& view) {
    auto made = admin::to_json(view.draft);
    hide_machine(made);
    made["has_password"] = view.has_password;
    made["tested"] = utc_text(view.tested_at);
    made["changed"] = utc_text(view.changed_at);
    made["changes"] = boost::json::array(view.changes.begin(), view.changes.end());
    if (!view.asked_by.empty()) {
        made["asked_by"] = view.asked_by;
        made["asked"] = utc_text(view.asked_at);
        made["asked_why"] = view.asked_why;
        made["digest"] = view.version.digest;
    }
    return {std::move(made)};
}

}  // namespace

awaitable<answer<outcome>> post_member(call& c) {
    auto slug = c.text("slug");
    if (!slug) co_return slug.error();
    auto facts = facts_in(c);
    if (!facts) co_return facts.error();
    auto like = c.text("like");
    if (!like) co_return like.error();
    auto why = c.text("why");
    if (!why) co_return why.error();
    co_return told(co_await create_member(c.at, c.who, member_slug(*slug), std::move(*facts),
                                          member_slug(*like), std::move(*why)));
}

awaitable<answer<outcome>> put_member(call& c) {
    auto facts = facts_in(c);
    if (!facts) co_return facts.error();
    auto why = c.text("why");
    if (!why) co_return why.error();
    co_return told(co_await change_member(c.at, c.who, member_of(c), std::move(*facts),
                                          std::move(*why), c.if_match));
}

awaitable<answer<outcome>> delete_member(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    const auto gone = co_await remove_member(c.at, c.who, member_of(c), std::move(*why));
    if (!gone) co_return gone.error();
    auto made = revision_outcome(gone->revision);
    made.body.as_object()["persons"] = gone->persons;
    co_return made;
}

awaitable<answer<outcome>> post_invitation(call& c) {
    const auto keys = c.at.keys.get();
    const auto made = co_await invite(c.at, c.who, *keys, c.at.settings.issuer, member_of(c));
    if (!made) co_return made.error();
    object body;
    body["link"] = made->link;
    body["good_until"] = utc_text(made->good_until);
    co_return outcome{std::move(body)};
}

awaitable<answer<outcome>> show_set_up(call& c) {
    const auto view = co_await look_at_set_up(c.at, c.who, member_of(c));
    if (!view) co_return view.error();
    co_return set_up_outcome(*view);
}

awaitable<answer<outcome>> put_set_up(call& c) {
    auto given = entries_in(c);
    if (!given) co_return given.error();
    const auto keys = c.at.keys.get();
    const auto view = co_await continue_set_up(c.at, c.who, *keys, member_of(c), std::move(*given));
    if (!view) co_return view.error();
    co_return set_up_outcome(*view);
}

awaitable<answer<outcome>> delete_set_up(call& c) {
    const auto done = co_await give_up_set_up(c.at, c.who, member_of(c));
    if (!done) co_return done.error();
    const auto view = co_await look_at_set_up(c.at, c.who, member_of(c));
    if (!view) co_return view.error();
    co_return set_up_outcome(*view);
}

awaitable<answer<outcome>> look_at_certificates(call& c) {
    co_return told(c, co_await begin_certificate_look(c.at, c.who, member_of(c)));
}

awaitable<answer<outcome>> test_set_up(call& c) {
    co_return told(c, co_await begin_set_up_test(c.at, c.who, member_of(c)));
}

awaitable<answer<outcome>> post_activation(call& c) {
    auto administrator = c.text("administrator");
    if (!administrator) co_return administrator.error();
    auto why = c.text("why");
    if (!why) co_return why.error();
    const auto made = co_await activate_set_up(c.at, c.who, member_of(c), std::move(*administrator),
                                               std::move(*why));
    if (!made) co_return made.error();
    auto answered = revision_outcome(made->revision);
    answered.body.as_object()["waits"] = made->waits;
    if (made->administrator) {
        auto& body = answered.body.as_object();
        body["grant"] = made->administrator->id;
        body["needs_approval"] = made->administrator->needs_approval;
    }
    co_return answered;
}

awaitable<answer<outcome>> post_set_up_approval(call& c) {
    auto shown = shown_in(c);
    if (!shown) co_return shown.error();
    co_return told(co_await approve_set_up(c.at, c.who, member_of(c), std::move(*shown)));
}

}  // namespace kommpass::idp::api
