#include "idp/api/openapi.hpp"

#include "idp/api/call.hpp"
#include "idp/api/links.hpp"
#include "idp/api/request_check.hpp"
#include "idp/api/shapes.hpp"
#include "idp/http/method.hpp"
#include "idp/http/router.hpp"
#include "policies/grant_types.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace kommpass::idp::api {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

object reference(std::string_view section, std::string_view name) {
    return object{{"$ref", "#/components/" + std::string(section) + "/" + std::string(name)}};
}

// The members that each answer has at least; what stands in them is told by the examples of the
// handbook.
object answer_schema(std::initializer_list<std::pair<const char*, const char*>> members) {
    object properties;
    array required;
    for (const auto& [name, type] : members) {
        properties[name] = object{{"type", type}};
        required.emplace_back(name);
    }
    return object{{"type", "object"}, {"properties", properties}, {"required", required}};
}

object schemas() {
    object all;
    all["Me"] = answer_schema({{"id", "string"}, {"name", "string"}, {"rights", "object"}});
    all["Overview"] = answer_schema({{"members", "array"},
                                     {"waiting_grants", "array"},
                                     {"ending_grants", "array"},
                                     {"open_agreements", "array"},
                                     {"conflicts", "array"},
                                     {"not_looked_at", "array"},
                                     {"sign_ins", "array"}});
    all["Members"] = answer_schema({{"members", "array"}});
    all["Member"] =
        answer_schema({{"slug", "string"}, {"name", "string"}, {"subscriptions", "array"}});
    all["Applications"] = answer_schema({{"applications", "array"}});
    all["Application"] =
        answer_schema({{"key", "string"}, {"roles", "array"}, {"clients", "array"}});
    all["Mappings"] = answer_schema({{"mappings", "array"}});
    all["Mapping"] = answer_schema(
        {{"id", "string"}, {"roles", "array"}, {"means", "object"}, {"digest", "string"}});
    all["Constraints"] = answer_schema({{"constraints", "array"}});
    all["PersonId"] = answer_schema({{"id", "string"}, {"member", "string"}});
    all["Person"] = answer_schema({{"id", "string"},
                                   {"member", "string"},
                                   {"directory", "string"},
                                   {"evaluation", "object"},
                                   {"grants", "array"},
                                   {"sessions", "array"}});
    all["PersonalData"] = answer_schema({{"person", "string"},
                                         {"member", "string"},
                                         {"sessions", "array"},
                                         {"roles", "object"},
                                         {"audit_log", "array"}});
    all["Explanation"] = answer_schema({{"sentences", "array"}});
    all["ErasedPerson"] =
        answer_schema({{"sessions", "integer"}, {"documents", "integer"}, {"revision", "integer"}});
    all["DeadLetters"] = answer_schema({{"topics", "array"}, {"dead_letters", "array"}});
    all["DeadLetter"] = answer_schema({{"sequence", "integer"},
                                       {"topic", "string"},
                                       {"lane", "string"},
                                       {"created_at", "string"},
                                       {"attempts", "integer"},
                                       {"error", "string"}});
    all["Ended"] = answer_schema({{"ended", "integer"}});
    all["Grants"] =
        answer_schema({{"grants", "array"}, {"exceptions", "array"}, {"withdrawals", "array"}});
    all["Agreements"] = answer_schema({{"agreements", "array"}});
    all["Made"] =
        answer_schema({{"id", "string"}, {"needs_approval", "boolean"}, {"revision", "integer"}});
    all["Revision"] = answer_schema({{"revision", "integer"}});
    all["Campaigns"] = answer_schema({{"campaigns", "array"}});
    all["CampaignItems"] = answer_schema({{"items", "array"}});
    all["Answered"] = answer_schema({{"answered", "boolean"}});
    all["Revisions"] = answer_schema({{"revisions", "array"}});
    all["RevisionDifference"] =
        answer_schema({{"revision", "integer"}, {"documents", "array"}, {"difference", "array"}});
    all["AuditRecords"] = answer_schema({{"records", "array"}});
    all["Usage"] = answer_schema({{"month", "string"}, {"usage", "array"}});
    all["Job"] = answer_schema({{"id", "string"},
                                {"kind", "string"},
                                {"state", "string"},
                                {"done", "integer"},
                                {"of", "integer"}});
    all["RemovedMember"] = answer_schema({{"revision", "integer"}, {"persons", "integer"}});
    all["Invitation"] = answer_schema({{"link", "string"}, {"good_until", "string"}});
    all["SetUp"] = answer_schema({{"slug", "string"},
                                  {"directory", "object"},
                                  {"has_password", "boolean"},
                                  {"tested", "string"},
                                  {"changes", "array"}});
    all["RegistrationToken"] = answer_schema({{"token", "string"}, {"expires_at", "string"}});
    all["Secret"] = answer_schema({{"secret", "string"}, {"revision", "integer"}});
    all["Failures"] = answer_schema({{"failures", "array"}});
    all["Claims"] = answer_schema({{"verdict", "string"}, {"roles", "array"}});
    all["Keys"] = answer_schema({{"keys", "array"}, {"rotation_due", "string"}});
    all["Processing"] = answer_schema({{"applications", "array"}, {"retention_days", "object"}});
    all["Problem"] = answer_schema(
        {{"type", "string"}, {"title", "string"}, {"status", "integer"}, {"request", "string"}});
    all["Problem"].as_object()["properties"].as_object()["now"] = object{
        {"type", "object"},
        {"description", "Of changed_since_shown: the document as it is now, with its digest"}};
    return all;
}

object body_of(const endpoint& one) {
    const auto body = body_shape(one);
    if (body.members.empty()) return {};
    const bool needed = std::any_of(body.members.begin(), body.members.end(),
                                    [](const auto& member) { return member.required; });
    object media{{"schema", schema_of(body)}, {"example", example_of(body)}};
    return object{{"required", needed}, {"content", object{{"application/json", media}}}};
}

array parameters_of(const endpoint& one) {
    array all;
    for (const auto& parameter : one.parameters) {
        if (parameter.in == "body") continue;
        const auto& type = parameter.type();
        all.push_back(object{{"name", parameter.name},
                             {"in", parameter.in},
                             {"required", parameter.required},
                             {"schema", schema_of(type)},
                             {"example", example_of(type)}});
    }
    all.push_back(reference("parameters", "Purpose"));
    if (one.writes) {
        all.push_back(reference("parameters", "IdempotencyKey"));
        all.push_back(reference("parameters", "IfMatch"));
    }
    return all;
}

std::string_view status_of(const endpoint& one) {
    if (one.schema == "Job" && one.method != http::method::get) return "202";
    return one.schema == "Made" ? "201" : "200";
}

object operation_of(const endpoint& one) {
    object good{{"description", one.summary},
                {"content", object{{"application/json",
                                    object{{"schema", reference("schemas", one.schema)}}}}}};
    if (auto links = links_from(one); !links.empty()) good["links"] = std::move(links);
    const auto problem = reference("responses", "Problem");
    object responses{{status_of(one), good}, {"400", problem}, {"401", problem}, {"403", problem},
                     {"404", problem},       {"422", problem}, {"503", problem}};
    if (one.writes) {
        for (const auto* status : {"409", "412", "413", "415"}) responses[status] = problem;
    }
    object made{{"operationId", one.id},
                {"summary", one.summary},
                {"parameters", parameters_of(one)},
                {"responses", responses}};
    const char* scope = one.writes ? "fed:write" : "fed:read";
    made["security"] = array{object{{"oidc", array{scope}}}};
    if (auto body = body_of(one); !body.empty()) made["requestBody"] = std::move(body);
    return made;
}

// What the values of every request may be, by their names.
object with_shapes(object all) {
    for (const auto& one : endpoints()) {
        for (const auto& of : one.parameters) collect_schemas(of.type(), all);
    }
    for (const auto* of :
         {&shapes::if_match(), &shapes::idempotency_key(), &shapes::purpose_header()})
        collect_schemas(*of, all);
    return all;
}

std::string lower(http::method method) {
    std::string text(http::to_string(method));
    for (auto& c : text) c = static_cast<char>(c - 'A' + 'a');
    return text;
}

object components(const std::string& issuer) {
    const auto header = [](const char* name, const shape& type, const char* about) {
        return object{{"name", name},
                      {"in", "header"},
                      {"required", false},
                      {"description", about},
                      {"schema", schema_of(type)},
                      {"example", example_of(type)}};
    };
    object parameters{
        {"IdempotencyKey", header("Idempotency-Key", shapes::idempotency_key(),
                                  "The same key with the same request gets the same answer, for "
                                  "a day")},
        {"IfMatch", header("If-Match", shapes::if_match(),
                           "The revision that the change is meant for, as in ETag; a "
                           "roll-back needs it")},
        {"Purpose", header("Kommpass-Purpose", shapes::purpose_header(),
                           "Why an auditor looks; asked of whom holds "
                           "fed.pruefung alone, and recorded")}};
    object problem{{"description", "Nothing was done, and why (RFC 9457)"},
                   {"content", object{{"application/problem+json",
                                       object{{"schema", reference("schemas", "Problem")}}}}}};
    object scheme{{"type", "openIdConnect"},
                  {"openIdConnectUrl", issuer + "/.well-known/openid-configuration"}};
    return object{{"schemas", with_shapes(schemas())},
                  {"parameters", parameters},
                  {"responses", object{{"Problem", problem}}},
                  {"securitySchemes", object{{"oidc", scheme}}}};
}

}  // namespace

std::string openapi_document(const std::string& issuer) {
    object paths;
    for (const auto& one : endpoints()) {
        auto& path = paths[one.path];
        if (!path.is_object()) path = object();
        path.get_object()[lower(one.method)] = operation_of(one);
    }
    object info{{"title", "Kommpass administration"},
                {"version", "1"},
                {"description",
                 "Everything that the console does. Times are UTC, days are those "
                 "of Brandenburg. 400: the request is none that this document describes. 422: it "
                 "is, and does not fit what there is."}};
    object document{{"openapi", "3.1.0"},
                    {"info", info},
                    {"servers", array{object{{"url", issuer + "/api/v1"}}}},
                    {"paths", paths},
                    {"components", components(issuer)}};
    return boost::json::serialize(document);
}

}  // namespace kommpass::idp::api
