#include "config/vocabulary/directory_settings.hpp"
#include "idp/api/handlers.hpp"
#include "idp/api/shapes.hpp"
#include "idp/http/method.hpp"
#include "policies/grant_types.hpp"

#include <array>

namespace kommpass::idp::api {
namespace {

using http::method;

constexpr bool reads = false;
constexpr bool writes = true;

constexpr parameter why{"why", "body", shapes::reason, true};
constexpr parameter why_in_query{"why", "query", shapes::reason, true};
constexpr parameter short_why{"why", "body", shapes::short_reason, true};
constexpr parameter short_why_in_query{"why", "query", shapes::short_reason, true};
// Which version of a document is decided on, as it was shown: its "digest".
constexpr parameter digest{"digest", "body", shapes::digest, true};
constexpr parameter digest_in_query{"digest", "query", shapes::digest, true};
// To end what is in force, or one's own request, it may be left out.
constexpr parameter digest_of_what_waits{"digest", "query", shapes::digest, false};
constexpr parameter id{"id", "path", shapes::slug, true};
constexpr parameter review{"id", "path", shapes::id, true};
constexpr parameter member{"member", "path", shapes::slug, true};
constexpr parameter person{"person", "path", shapes::person, true};
constexpr parameter application{"application", "path", shapes::slug, true};
constexpr parameter number{"number", "path", shapes::number, true};
constexpr parameter of_member{"member", "query", shapes::slug, false};

constexpr std::array p_id{id};
constexpr std::array p_job{review};
constexpr std::array p_member{member};
constexpr std::array p_person{person};
constexpr std::array p_application{application};
constexpr std::array p_of_member{of_member, parameter{"after", "query", shapes::slug, false}};
constexpr std::array p_number{number};
constexpr std::array p_explain{person, parameter{"application", "query", shapes::slug, true},
                               parameter{"language", "query", shapes::language, false}};
constexpr std::array p_items{review, parameter{"member", "query", shapes::slug, true},
                             parameter{"after", "query", shapes::position, false}};
constexpr std::array p_revisions{parameter{"before", "query", shapes::number, false}};
constexpr std::array p_audit{parameter{"purpose", "query", shapes::purpose, true},
                             parameter{"from", "query", shapes::day, false},
                             parameter{"until", "query", shapes::day, false},
                             of_member,
                             parameter{"person", "query", shapes::person, false},
                             parameter{"application", "query", shapes::slug, false},
                             parameter{"event", "query", shapes::event, false},
                             parameter{"before", "query", shapes::number, false}};
constexpr std::array p_usage{parameter{"month", "query", shapes::month, true}};
constexpr std::array p_mapping{id, parameter{"mapping", "body", shapes::mapping_document, true},
                               why};
constexpr std::array p_simulation{id,
                                  parameter{"mapping", "body", shapes::mapping_document, false}};
constexpr std::array p_delete{id, why_in_query};
constexpr std::array p_end{id, why_in_query, digest_of_what_waits};
constexpr std::array p_refusal{id, why_in_query, digest_in_query};
constexpr std::array p_subscription{member, application, why};
constexpr std::array p_unsubscription{member, application, why_in_query};
constexpr std::array p_constraint{
    id, parameter{"constraint", "body", shapes::constraint_document, true}, why};
constexpr std::array p_find{parameter{"member", "body", shapes::slug, true},
                            parameter{"user_name", "body", shapes::login_name, true}};
constexpr std::array p_end_sessions{person, why};
constexpr std::array p_erasure{person, short_why};
constexpr std::array p_grant{parameter{"member", "body", shapes::slug, true},
                             parameter{"person", "body", shapes::person, true},
                             parameter{"role", "body", shapes::role, true},
                             parameter{"reason", "body", shapes::reason, true},
                             parameter{"from", "body", shapes::day, false},
                             parameter{"until", "body", shapes::day, false},
                             parameter{"for_members", "body", shapes::members, false}};
constexpr std::array p_approval{id, digest, parameter{"why", "body", shapes::remark, false}};
constexpr std::array p_role_end{person, parameter{"member", "body", shapes::slug, true},
                                parameter{"role", "body", shapes::role, true}, why};
constexpr std::array p_agreement{parameter{"document", "body", shapes::document, true},
                                 parameter{"target", "body", shapes::slug, true},
                                 parameter{"agreed", "body", shapes::truth, true}, digest,
                                 parameter{"why", "body", shapes::remark, false}};
constexpr std::array p_exception{parameter{"constraint", "body", shapes::slug, true},
                                 parameter{"member", "body", shapes::slug, true},
                                 parameter{"person", "body", shapes::person, true},
                                 parameter{"reason", "body", shapes::reason, true},
                                 parameter{"until", "body", shapes::day, true}};
constexpr std::array p_campaign{parameter{"title", "body", shapes::title, true},
                                parameter{"due", "body", shapes::day, true},
                                parameter{"members", "body", shapes::members, false},
                                parameter{"ends_unanswered", "body", shapes::truth, false}};
constexpr std::array p_answer{review, number,
                              parameter{"answer", "body", shapes::review_answer, true}, digest};
constexpr std::array p_rollback{number, why,
                                parameter{"remove_members", "body", shapes::members, false},
                                parameter{"new_subjects", "body", shapes::clients, false}};
constexpr std::array p_dead_letters{parameter{"after", "query", shapes::position, false}};
constexpr std::array p_dead_letter_end{number, short_why_in_query};
constexpr parameter client{"client", "path", shapes::client, true};
constexpr parameter role{"role", "path", shapes::role, true};
constexpr std::array p_new_member{parameter{"slug", "body", shapes::slug, true},
                                  parameter{"name", "body", shapes::name, true},
                                  parameter{"name_en", "body", shapes::other_name, false},
                                  parameter{"name_variant", "body", shapes::other_name, false},
                                  parameter{"domains", "body", shapes::domains, false},
                                  parameter{"help_contact", "body", shapes::contact, false},
                                  parameter{"like", "body", shapes::slug, false},
                                  why};
constexpr std::array p_member_facts{member,
                                    parameter{"name", "body", shapes::name, false},
                                    parameter{"name_en", "body", shapes::other_name, false},
                                    parameter{"name_variant", "body", shapes::other_name, false},
                                    parameter{"domains", "body", shapes::domains, false},
                                    parameter{"help_contact", "body", shapes::contact, false},
                                    why};
constexpr std::array p_remove_member{member, why_in_query};
constexpr std::array p_set_up{
    member,
    parameter{"vendor", "body", shapes::vendor, false},
    parameter{"urls", "body", shapes::servers, false},
    parameter{"transport", "body", shapes::transport, false},
    parameter{"ca_certificate", "body", shapes::certificate, false},
    parameter{"bind_dn", "body", shapes::distinguished_name, false},
    parameter{"bind_password", "body", shapes::bind_password, false},
    parameter{"person_base", "body", shapes::distinguished_name, false},
    parameter{"person_filter", "body", shapes::filter, false},
    parameter{"login_attributes", "body", shapes::attributes, false},
    parameter{"group_base", "body", shapes::distinguished_name, false},
    parameter{"groups", "body", shapes::group_model, false},
    parameter{"member_of", "body", shapes::truth, false},
    parameter{"lockout_threshold", "body", shapes::lockout_threshold, false},
    parameter{"lockout_minutes", "body", shapes::lockout_minutes, false},
    parameter{"help_contact", "body", shapes::contact, false}};
constexpr std::array p_activation{
    member, parameter{"administrator", "body", shapes::login_name, false}, why};
constexpr std::array p_set_up_approval{member, digest};
constexpr std::array p_past{member, parameter{"application", "body", shapes::slug, true},
                            parameter{"role", "body", shapes::role, false},
                            parameter{"day", "body", shapes::day, true},
                            parameter{"purpose", "body", shapes::purpose, true}};
constexpr std::array p_client{application, client,
                              parameter{"client", "body", shapes::client_document, true},
                              parameter{"new_subjects", "body", shapes::truth, false}, why};
constexpr std::array p_client_act{application, client, why};
constexpr std::array p_client_approval{application, client, digest, why};
constexpr std::array p_client_end{application, client, why_in_query};
constexpr std::array p_client_removal{application, client, why_in_query, digest_of_what_waits};
constexpr std::array p_registration{application, why};
constexpr std::array p_client_look{application, client};
constexpr std::array p_client_claims{application, client,
                                     parameter{"person", "query", shapes::person, false}};
constexpr std::array p_role{application, role,
                            parameter{"role", "body", shapes::role_document, true}, why};
constexpr std::array p_role_removal{application, role, why_in_query};
constexpr std::span<const parameter> none;

constexpr std::array table{
    endpoint{method::get, "/me", "showMe", "Who asks, and what they may do", reads, "Me", none,
             show_me},
    endpoint{method::get, "/overview", "showOverview",
             "Members, sign-ins, what waits and what ends", reads, "Overview", none, show_overview},
    endpoint{method::get, "/members", "listMembers", "The members that you may see", reads,
             "Members", none, list_members},
    endpoint{method::get, "/members/{member}", "showMember", "One member", reads, "Member",
             p_member, show_member},
    endpoint{method::post, "/members", "createMember",
             "A new member, whose directory is still to be set up", writes, "Revision",
             p_new_member, post_member},
    endpoint{method::put, "/members/{member}", "putMember", "Change what is said of a member",
             writes, "Revision", p_member_facts, put_member},
    endpoint{method::delete_, "/members/{member}", "deleteMember",
             "The member leaves: its documents and persons go", writes, "RemovedMember",
             p_remove_member, delete_member},
    endpoint{method::post, "/members/{member}/invitation", "inviteMember",
             "A link for whoever sets the member's directory up, good once", writes, "Invitation",
             p_member, post_invitation},
    endpoint{method::get, "/members/{member}/set-up", "showSetUp",
             "What has been entered of a member's directory and is not in force yet", reads,
             "SetUp", p_member, show_set_up},
    endpoint{method::put, "/members/{member}/set-up", "putSetUp",
             "Enter more of a member's directory", writes, "SetUp", p_set_up, put_set_up},
    endpoint{method::delete_, "/members/{member}/set-up", "deleteSetUp", "Forget what was entered",
             writes, "SetUp", p_member, delete_set_up},
    endpoint{method::post, "/members/{member}/set-up/certificates", "lookAtCertificates",
             "What certificates the servers show, as a job", writes, "Job", p_member,
             look_at_certificates},
    endpoint{method::post, "/members/{member}/set-up/test", "testSetUp",
             "Test what was entered, as a job", writes, "Job", p_member, test_set_up},
    endpoint{method::post, "/members/{member}/set-up/activation", "activateSetUp",
             "Put what was entered and tested in force", writes, "Revision", p_activation,
             post_activation},
    endpoint{method::post, "/members/{member}/set-up/approval", "approveSetUp",
             "Put in force what another has asked for: it leads a directory in force elsewhere",
             writes, "Revision", p_set_up_approval, post_set_up_approval},
    endpoint{method::post, "/members/{member}/past-access", "beginPastAccess",
             "Who had which roles of an application on a day, as a job", writes, "Job", p_past,
             post_past_access},
    endpoint{method::put, "/members/{member}/subscriptions/{application}", "putSubscription",
             "Book an application for a member", writes, "Revision", p_subscription,
             put_subscription},
    endpoint{method::delete_, "/members/{member}/subscriptions/{application}", "deleteSubscription",
             "End a booking", writes, "Revision", p_unsubscription, delete_subscription},
    endpoint{method::post, "/members/{member}/role-matrix", "beginRoleMatrix",
             "Who holds what at a member, as a job", writes, "Job", p_member, begin_roles},
    endpoint{method::post, "/members/{member}/directory-test", "testDirectory",
             "Go through a member's directory step by step, as a job", writes, "Job", p_member,
             test_directory},
    endpoint{method::get, "/applications", "listApplications", "Every application", reads,
             "Applications", none, list_applications},
    endpoint{method::get, "/applications/{application}", "showApplication",
             "One application with its roles and clients", reads, "Application", p_application,
             show_application},
    endpoint{method::put, "/applications/{application}/roles/{role}", "putRole",
             "Publish or change a role", writes, "Revision", p_role, put_role_document},
    endpoint{method::delete_, "/applications/{application}/roles/{role}", "deleteRole",
             "Remove a role that nothing gives", writes, "Revision", p_role_removal, delete_role},
    endpoint{method::put, "/applications/{application}/clients/{client}", "putClient",
             "Register or change a client", writes, "Revision", p_client, put_client_document},
    endpoint{method::delete_, "/applications/{application}/clients/{client}", "deleteClient",
             "Remove a client, or refuse one that waits", writes, "Revision", p_client_removal,
             delete_client},
    endpoint{method::post, "/applications/{application}/clients/{client}/approval", "approveClient",
             "Approve a client that its operator registered", writes, "Revision", p_client_approval,
             post_client_approval},
    endpoint{method::post, "/applications/{application}/clients/{client}/secret",
             "makeClientSecret", "A new secret, beside the one in use", writes, "Secret",
             p_client_act, post_client_secret},
    endpoint{method::delete_, "/applications/{application}/clients/{client}/old-secret",
             "endOldSecret", "The older of two secrets is good no more", writes, "Revision",
             p_client_end, delete_old_secret},
    endpoint{method::post, "/applications/{application}/registration-token",
             "issueInitialAccessToken",
             "An initial access token: its holder registers one client, which waits for approval",
             writes, "RegistrationToken", p_registration, post_registration_token},
    endpoint{method::get, "/applications/{application}/clients/{client}/failures",
             "listClientFailures", "What went wrong for a client, without persons", reads,
             "Failures", p_client_look, show_client_failures},
    endpoint{method::get, "/applications/{application}/clients/{client}/claims", "showClientClaims",
             "What a client would get for a person now", reads, "Claims", p_client_claims,
             show_client_claims},
    endpoint{method::get, "/keys", "listKeys", "The signing keys and their dates", reads, "Keys",
             none, show_keys},
    endpoint{method::post, "/keys/rotation", "rotateKeys", "New signing keys, as a job", writes,
             "Job", none, post_key_rotation},
    endpoint{method::get, "/processing", "showProcessing",
             "Recipients, purposes, claims and periods (DSGVO Art. 30)", reads, "Processing", none,
             show_processing},
    endpoint{method::get, "/mappings", "listMappings", "Mappings", reads, "Mappings", p_of_member,
             list_mappings},
    endpoint{method::get, "/mappings/{id}", "showMapping", "One mapping", reads, "Mapping", p_id,
             show_mapping},
    endpoint{method::put, "/mappings/{id}", "putMapping", "Make or change a mapping", writes,
             "Revision", p_mapping, put_mapping_document},
    endpoint{method::delete_, "/mappings/{id}", "deleteMapping", "Remove a mapping", writes,
             "Revision", p_delete, delete_mapping},
    endpoint{method::post, "/mappings/{id}/approval", "approveMapping",
             "Approve a mapping that another asked for", writes, "Revision", p_approval,
             post_mapping_approval},
    endpoint{method::delete_, "/mappings/{id}/approval", "refuseMapping",
             "Refuse a mapping that waits: it is again what it was before", writes, "Revision",
             p_refusal, delete_mapping_approval},
    endpoint{method::post, "/mappings/{id}/simulation", "simulateMapping",
             "Who would gain and lose what, as a job; without a mapping: by removing it", writes,
             "Job", p_simulation, simulate_mapping},
    endpoint{method::get, "/constraints", "listConstraints", "Roles that exclude each other", reads,
             "Constraints", none, list_constraints},
    endpoint{method::put, "/constraints/{id}", "putConstraint", "Make or change a constraint",
             writes, "Revision", p_constraint, put_constraint_document},
    endpoint{method::delete_, "/constraints/{id}", "deleteConstraint", "Remove a constraint",
             writes, "Revision", p_delete, delete_constraint},
    endpoint{method::post, "/persons", "findPerson", "Find a person by login name", writes,
             "PersonId", p_find, look_up_person},
    endpoint{method::get, "/persons/{person}", "showPerson",
             "A person as the directory says now, with roles", reads, "Person", p_person,
             show_person},
    endpoint{method::get, "/persons/{person}/explanation", "explainPerson",
             "Why a person holds an application's roles, and why not", reads, "Explanation",
             p_explain, explain_person},
    endpoint{method::get, "/persons/{person}/personal-data", "showPersonalData",
             "Everything that is held on a person", reads, "PersonalData", p_person,
             show_personal_data},
    endpoint{method::post, "/persons/{person}/end-sessions", "endSessions",
             "End every session and refresh token", writes, "Ended", p_end_sessions,
             end_person_sessions},
    endpoint{method::post, "/persons/{person}/erasure", "erasePerson",
             "Erase a person for good (DSGVO Art. 17)", writes, "ErasedPerson", p_erasure,
             post_erasure},
    endpoint{method::post, "/persons/{person}/role-end", "endRole", "End a role, whatever gives it",
             writes, "Revision", p_role_end, post_role_end},
    endpoint{method::get, "/grants", "listGrants", "Grants, exceptions and withdrawals", reads,
             "Grants", p_of_member, list_grants},
    endpoint{method::post, "/grants", "requestGrant", "Give a role to a person", writes, "Made",
             p_grant, post_grant},
    endpoint{method::post, "/grants/{id}/approval", "approveGrant", "Approve what another asked",
             writes, "Revision", p_approval, post_grant_approval},
    endpoint{method::delete_, "/grants/{id}", "endGrant", "End or refuse a grant", writes,
             "Revision", p_end, delete_grant},
    endpoint{method::get, "/agreements", "listAgreements",
             "Rules that are to hold for another member, whole, for those who agree or withdraw",
             reads, "Agreements", none, list_agreements},
    endpoint{method::post, "/agreements", "agree",
             "Agree that a rule of another member holds for yours, or withdraw", writes, "Revision",
             p_agreement, post_agreement},
    endpoint{method::post, "/exceptions", "requestException",
             "Ask for an exception to a constraint", writes, "Made", p_exception, post_exception},
    endpoint{method::post, "/exceptions/{id}/approval", "approveException",
             "Approve an exception that another asked for", writes, "Revision", p_approval,
             post_exception_approval},
    endpoint{method::delete_, "/exceptions/{id}", "endException", "End or refuse an exception",
             writes, "Revision", p_end, delete_exception},
    endpoint{method::get, "/campaigns", "listCampaigns", "Reviews and their progress", reads,
             "Campaigns", none, show_campaigns},
    endpoint{method::post, "/campaigns", "startCampaign", "Start a review, as a job", writes, "Job",
             p_campaign, post_campaign},
    endpoint{method::get, "/campaigns/{id}/items", "listCampaignItems", "What is reviewed", reads,
             "CampaignItems", p_items, show_campaign_items},
    endpoint{method::post, "/campaigns/{id}/items/{number}", "answerCampaignItem",
             "Confirm or end one role", writes, "Answered", p_answer, post_item_answer},
    endpoint{method::get, "/revisions", "listRevisions", "The registry's history", reads,
             "Revisions", p_revisions, show_revisions},
    endpoint{method::get, "/revisions/{number}", "showRevision", "What a revision changed", reads,
             "RevisionDifference", p_number, show_revision},
    endpoint{method::post, "/revisions/{number}/rollback", "rollBack",
             "Make an earlier revision the newest", writes, "Revision", p_rollback, post_rollback},
    endpoint{method::get, "/audit", "searchAudit", "Search the audit log, for a stated purpose",
             reads, "AuditRecords", p_audit, show_audit},
    endpoint{method::post, "/audit/verification", "verifyAudit",
             "Whether the audit log is as it was written, as a job", writes, "Job", none,
             verify_audit_log},
    endpoint{method::get, "/usage", "showUsage", "Active persons in a month", reads, "Usage",
             p_usage, show_usage},
    endpoint{method::get, "/outbox/dead-letters", "listDeadLetters",
             "What waits in the outbox, and what could not be delivered", reads, "DeadLetters",
             p_dead_letters, show_dead_letters},
    endpoint{method::post, "/outbox/dead-letters/{number}/retry", "retryDeadLetter",
             "Try a dead letter again, with all its attempts before it", writes, "DeadLetter",
             p_number, post_dead_letter_retry},
    endpoint{method::delete_, "/outbox/dead-letters/{number}", "discardDeadLetter",
             "Discard a dead letter: whom it was for never hears of it", writes, "DeadLetter",
             p_dead_letter_end, delete_dead_letter},
    endpoint{method::get, "/jobs/{id}", "showJob", "How far long work has come", reads, "Job",
             p_job, show_job},
    endpoint{method::delete_, "/jobs/{id}", "cancelJob", "Cancel long work", writes, "Job", p_job,
             cancel_job},
};

}  // namespace

std::span<const endpoint> endpoints() noexcept { return table; }

}  // namespace kommpass::idp::api
