#pragma once

#include "idp/store/sql/audit_log.hpp"
#include "idp/store/sql/campaigns.hpp"
#include "idp/store/sql/codes.hpp"
#include "idp/store/sql/consents.hpp"
#include "idp/store/sql/device_requests.hpp"
#include "idp/store/sql/guess_counts.hpp"
#include "idp/store/sql/idempotent_answers.hpp"
#include "idp/store/sql/leases.hpp"
#include "idp/store/sql/notices.hpp"
#include "idp/store/sql/opaque_tokens.hpp"
#include "idp/store/sql/outbox.hpp"
#include "idp/store/sql/persons.hpp"
#include "idp/store/sql/pushed_requests.hpp"
#include "idp/store/sql/replays.hpp"
#include "idp/store/sql/revisions.hpp"
#include "idp/store/sql/sealed_keys.hpp"
#include "idp/store/sql/sessions.hpp"
#include "idp/store/sql/set_ups.hpp"
#include "idp/store/sql/sweep.hpp"
#include "idp/store/sql/token_families.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::store::sql {

// The concerns on one connection. It begins and ends nothing: the connection's thread does.
class all_concerns final : public transaction {
public:
    explicit all_concerns(database& on)
        : persons_(on),
          sessions_(on),
          codes_(on),
          families_(on),
          pushed_requests_(on),
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
          devices_(on),
          opaque_tokens_(on),
          sealed_keys_(on),
          guess_counts_(on),
          sweep_(on) {}

    person_store& persons() override { return persons_; }
    session_store& sessions() override { return sessions_; }
    code_store& codes() override { return codes_; }
    token_family_store& families() override { return families_; }
    pushed_request_store& pushed_requests() override { return pushed_requests_; }
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
    device_request_store& devices() override { return devices_; }
    opaque_token_store& opaque_tokens() override { return opaque_tokens_; }
    // Beside the interface: see sealed_keys.hpp and guess_counts.hpp.
    sealed_key_store& sealed_keys() { return sealed_keys_; }
    guess_count_store& guess_counts() { return guess_counts_; }
    std::size_t sweep(instant now) override { return sweep_(now); }

private:
    sql::persons persons_;
    sql::sessions sessions_;
    sql::codes codes_;
    sql::token_families families_;
    sql::pushed_requests pushed_requests_;
    sql::replays replays_;
    sql::consents consents_;
    sql::audit_log audit_;
    sql::revisions revisions_;
    sql::campaigns campaigns_;
    sql::idempotent_answers answers_;
    sql::set_ups set_ups_;
    sql::notices notices_;
    sql::outbox outbox_;
    sql::leases leases_;
    sql::device_requests devices_;
    sql::opaque_tokens opaque_tokens_;
    sql::sealed_keys sealed_keys_;
    sql::guess_counts guess_counts_;
    sql::sweep sweep_;
};

}  // namespace kommpass::idp::store::sql
