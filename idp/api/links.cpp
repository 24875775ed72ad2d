#include "idp/api/links.hpp"

#include "idp/http/request.hpp"

#include <algorithm>
#include <array>

namespace kommpass::idp::api {
namespace {

using boost::json::object;

// One parameter of the next operation, and where its value stands. Several lines with the same
// operations are one link.
struct link {
    std::string_view from;
    std::string_view to;
    std::string_view parameter;
    std::string_view value;
};

constexpr std::string_view same_application = "$request.path.application";

constexpr std::array links{
    link{"listMembers", "showMember", "member", "$response.body#/members/0/slug"},
    link{"listMembers", "showSetUp", "member", "$response.body#/members/0/slug"},
    link{"listMembers", "beginRoleMatrix", "member", "$response.body#/members/0/slug"},
    link{"listMembers", "testDirectory", "member", "$response.body#/members/0/slug"},
    link{"createMember", "showMember", "member", "$request.body#/slug"},
    link{"createMember", "inviteMember", "member", "$request.body#/slug"},
    link{"createMember", "putSetUp", "member", "$request.body#/slug"},
    link{"putSetUp", "lookAtCertificates", "member", "$request.path.member"},
    link{"putSetUp", "testSetUp", "member", "$request.path.member"},
    link{"putSetUp", "activateSetUp", "member", "$request.path.member"},
    link{"putSetUp", "deleteSetUp", "member", "$request.path.member"},
    link{"listApplications", "showApplication", "application",
         "$response.body#/applications/0/key"},
    link{"showApplication", "listClientFailures", "application", same_application},
    link{"showApplication", "listClientFailures", "client", "$response.body#/clients/0/id"},
    link{"showApplication", "showClientClaims", "application", same_application},
    link{"showApplication", "showClientClaims", "client", "$response.body#/clients/0/id"},
    link{"putRole", "deleteRole", "application", same_application},
    link{"putRole", "deleteRole", "role", "$request.path.role"},
    link{"putClient", "deleteClient", "application", same_application},
    link{"putClient", "deleteClient", "client", "$request.path.client"},
    link{"putClient", "makeClientSecret", "application", same_application},
    link{"putClient", "makeClientSecret", "client", "$request.path.client"},
    link{"listMappings", "showMapping", "id", "$response.body#/mappings/0/id"},
    link{"listMappings", "simulateMapping", "id", "$response.body#/mappings/0/id"},
    link{"putMapping", "showMapping", "id", "$request.path.id"},
    link{"putMapping", "deleteMapping", "id", "$request.path.id"},
    link{"putConstraint", "deleteConstraint", "id", "$request.path.id"},
    link{"findPerson", "showPerson", "person", "$response.body#/id"},
    link{"findPerson", "showPersonalData", "person", "$response.body#/id"},
    link{"findPerson", "explainPerson", "person", "$response.body#/id"},
    link{"findPerson", "endSessions", "person", "$response.body#/id"},
    link{"listGrants", "approveGrant", "id", "$response.body#/grants/0/id"},
    link{"listGrants", "endGrant", "id", "$response.body#/grants/0/id"},
    link{"requestGrant", "approveGrant", "id", "$response.body#/id"},
    link{"requestGrant", "endGrant", "id", "$response.body#/id"},
    link{"requestException", "approveException", "id", "$response.body#/id"},
    link{"requestException", "endException", "id", "$response.body#/id"},
    link{"listCampaigns", "listCampaignItems", "id", "$response.body#/campaigns/0/id"},
    link{"listCampaignItems", "answerCampaignItem", "id", "$request.path.id"},
    link{"listCampaignItems", "answerCampaignItem", "number", "$response.body#/items/0/number"},
    link{"listRevisions", "showRevision", "number", "$response.body#/revisions/0/revision"},
    link{"listRevisions", "rollBack", "number", "$response.body#/revisions/0/revision"},
    link{"listDeadLetters", "retryDeadLetter", "number", "$response.body#/dead_letters/0/sequence"},
    link{"listDeadLetters", "discardDeadLetter", "number",
         "$response.body#/dead_letters/0/sequence"},
};

void add(object& into, std::string_view to, std::string_view parameter, std::string_view value) {
    auto& one = into[to];
    if (!one.is_object()) one = object{{"operationId", to}, {"parameters", object()}};
    one.at("parameters").as_object()[parameter] = value;
}

}  // namespace

object links_from(const endpoint& one) {
    object made;
    for (const auto& known : links) {
        if (known.from == one.id) add(made, known.to, known.parameter, known.value);
    }
    // Long work is followed, and can be cancelled.
    if (one.schema == "Job" && one.method == http::method::post) {
        add(made, "showJob", "id", "$response.body#/id");
        add(made, "cancelJob", "id", "$response.body#/id");
    }
    return made;
}

}  // namespace kommpass::idp::api
