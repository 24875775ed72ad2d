#include "idp/web/role_request_page.hpp"

#include "idp/web/console_page.hpp"
#include "idp/web/frame.hpp"

namespace kommpass::idp::web {
namespace {

std::vector<page_data> rows_of(const std::vector<role_request_row>& all) {
    std::vector<page_data> rows;
    for (const auto& one : all) {
        page_data row;
        put(row, "id", one.id);
        put(row, "text", one.text);
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<page_data> choices_of(const std::vector<role_choices>& all,
                                  const std::string& selected) {
    std::vector<page_data> groups;
    for (const auto& group : all) {
        page_data one;
        put(one, "application", group.application);
        std::vector<page_data> roles;
        for (const auto& choice : group.roles) {
            page_data role;
            put(role, "role", choice.role);
            put(role, "role_title", choice.title);
            flag(role, "selected", choice.role == selected);
            roles.push_back(std::move(role));
        }
        put_list(one, "choices", std::move(roles));
        groups.push_back(std::move(one));
    }
    return groups;
}

// A form's own names, so that what was typed into one does not stand in the other.
page_data form_of(const role_request_page& page, const std::string& kind,
                  const std::vector<role_choices>& choices) {
    const bool again = page.again.kind == kind;
    const role_request_page::typed nothing;
    const auto& typed = again ? page.again : nothing;
    page_data form;
    put(form, "csrf", page.csrf);
    put(form, "action", page.action);
    put(form, "kind", kind);
    put_list(form, "groups", choices_of(choices, typed.role));
    flag(form, "for_deputy", kind == "deputy");
    put(form, "deputy", typed.deputy);
    put(form, "from", typed.from);
    put(form, "until", typed.until);
    put(form, "reason", typed.reason);
    for (const auto* field : {"role", "deputy", "from", "until", "reason"})
        flag(form, std::string("wrong_") + field, again && typed.field == field);
    return form;
}

}  // namespace

std::string render(const frame& around, const role_request_page& page) {
    page_data data;
    put(data, "csrf", page.csrf);
    put(data, "action", page.action);
    put(data, "member_name", page.member_name);
    put(data, "problem", page.problem);
    flag(data, "done", page.done);
    std::vector<page_data> deciders;
    for (const auto& [name, mail] : page.deciders) {
        page_data one;
        put(one, "decider", name);
        put(one, "mail", mail);
        deciders.push_back(std::move(one));
    }
    put_list(data, "deciders", std::move(deciders));
    put_list(data, "waiting", rows_of(page.waiting));
    put_list(data, "deputies", rows_of(page.deputies));
    put_list(data, "refused", rows_of(page.refused));
    std::vector<page_data> forms;
    if (!page.held.empty()) forms.push_back(form_of(page, "deputy", page.held));
    if (!page.missing.empty()) forms.push_back(form_of(page, "own", page.missing));
    put_list(data, "forms", std::move(forms));
    return fill("role_request", around, "role_request.title", std::move(data));
}

}  // namespace kommpass::idp::web
