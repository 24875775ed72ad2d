#pragma once

#include "idp/store/sqlite/audit_log.hpp"
#include "idp/store/sqlite/campaigns.hpp"
#include "idp/store/sqlite/codes.hpp"
#include "idp/store/sqlite/consents.hpp"
#include "idp/store/sqlite/idempotent_answers.hpp"
#include "idp/store/sqlite/leases.hpp"
#include "idp/store/sqlite/notices.hpp"
#include "idp/store/sqlite/outbox.hpp"
#include "idp/store/sqlite/persons.hpp"
#include "idp/store/sqlite/replays.hpp"
#include "idp/store/sqlite/revisions.hpp"
#include "idp/store/sqlite/sessions.hpp"
#include "idp/store/sqlite/set_ups.hpp"
#include "idp/store/sqlite/sweep.hpp"
#include "idp/store/sqlite/token_families.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::store::sqlite {

// The concerns on one connection. It begins and ends nothing: the connection's thread does.
class all_concerns final : public transaction {
public:
    explicit all_concerns(connection& on)
        : persons_(on),
          sessions_(on),
          codes_(on),
          families_(on),
          replays_(on),
          consents_(on),
          audit_(on),
          revisions_(on),
          campaigns_(on),
          answers_(on),
          set_ups_(on),
          notices_(on),
          outbox_(on),
          leases_(on),
          sweep_(on) {}

    person_store& persons() override { return persons_; }
    session_store& sessions() override { return sessions_; }
    code_store& codes() override { return codes_; }
    token_family_store& families() override { return families_; }
    replay_store& replays() override { return replays_; }
    consent_store& consents() override { return consents_; }
    idp::store::audit_log& audit() override { return audit_; }
    revision_store& revisions() override { return revisions_; }
    campaign_store& campaigns() override { return campaigns_; }
    idempotency_store& answers() override { return answers_; }
    set_up_store& set_ups() override { return set_ups_; }
    notice_store& notices() override { return notices_; }
    outbox_store& outbox() override { return outbox_; }
    lease_store& leases() override { return leases_; }
    std::size_t sweep(instant now) override { return sweep_(now); }

private:
    sqlite::persons persons_;
    sqlite::sessions sessions_;
    sqlite::codes codes_;
    sqlite::token_families families_;
    sqlite::replays replays_;
    sqlite::consents consents_;
    sqlite::audit_log audit_;
    sqlite::revisions revisions_;
    sqlite::campaigns campaigns_;
    sqlite::idempotent_answers answers_;
    sqlite::set_ups set_ups_;
    sqlite::notices notices_;
    sqlite::outbox outbox_;
    sqlite::leases leases_;
    sqlite::sweep sweep_;
};

}  // namespace kommpass::idp::store::sqlite
