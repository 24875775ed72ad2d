// Documents to TOML files, byte for byte the same each time. Values that are the default are left
// out.
#include "config/toml_section.hpp"
#include "policies/fields.hpp"
#include "policies/registry_files.hpp"

#include <cstdio>

namespace kommpass::policies {
namespace {

// A basic string of TOML 1.0.
std::string toml_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\r':
                out += "\\r";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
                    char escaped[8];
                    std::snprintf(escaped, sizeof escaped, "\\u%04X",
                                  static_cast<unsigned>(static_cast<unsigned char>(c)));
                    out += escaped;
                } else {
                    out.push_back(c);
                }
        }
    }
    return out + "\"";
}

std::string written(const std::string& text) { return toml_string(text); }
std::string written(bool truth) { return truth ? "true" : "false"; }
std::string written(int number) { return std::to_string(number); }
std::string written(std::size_t number) { return std::to_string(number); }
std::string written(std::chrono::milliseconds duration) {
    return toml_string(config::duration_text(duration));
}
std::string written(std::chrono::seconds duration) {
    return toml_string(config::duration_text(duration));
}
std::string written(day one) { return toml_string(to_string(one)); }
template <class Tag>
std::string written(const strong_string<Tag>& text) {
    return toml_string(text.view());
}
template <class Value>
std::string written(const std::optional<Value>& value) {
    return written(*value);
}
template <class Value>
std::string written(const std::vector<Value>& list) {
    std::string out = "[";
    for (const auto& one : list) {
        if (out.size() > 1) out += ", ";
        out += written(one);
    }
    return out + "]";
}

// Visits a document and a default one of its kind in step: first the default's values are noted,
// then only what differs is written.
class section_writer {
public:
    template <class Value>
    void field(std::string_view name, const Value& value) {
        put(name, is_unset(value) ? std::string() : written(value));
    }
    template <class Enum, std::size_t Size>
    void choice(std::string_view name, const Enum& value, const words::table<Enum, Size>& known) {
        put(name, toml_string(words::word_for(known, value)));
    }
    template <class Enum, std::size_t Size>
    void choice(std::string_view name, const std::optional<Enum>& value,
                const words::table<Enum, Size>& known) {
        put(name, value ? toml_string(words::word_for(known, *value)) : std::string());
    }
    template <class Inner>
    void group(std::string_view name, Inner inner) {
        const auto outer = prefix_;
        prefix_ = std::string(name) + ".";
        inner(*this);
        prefix_ = outer;
    }

    std::vector<std::pair<std::string, std::string>>
        values;  // "directory.urls" and its text; empty: unset

private:
    template <class Value>
    static bool is_unset(const std::optional<Value>& value) {
        return !value;
    }
    template <class Value>
    static bool is_unset(const Value&) {
        return false;
    }
    void put(std::string_view name, std::string text) {
        values.emplace_back(prefix_ + std::string(name), std::move(text));
    }

    std::string prefix_;
};

struct lines {
    std::string own;
    std::string grouped;  // one table after the other, each with its heading
};

template <class Document, class Visit>
lines lines_of(const Document& document, Visit visit) {
    section_writer actual;
    section_writer usual;
    visit(actual, document);
    visit(usual, Document{});
    lines out;
    std::string open_group;
    for (std::size_t i = 0; i < actual.values.size(); ++i) {
        const auto& [name, text] = actual.values[i];
        if (text.empty() || text == usual.values[i].second) continue;
        const auto dot = name.find('.');
        if (dot == std::string::npos) {
            out.own += name + " = " + text + "\n";
            continue;
        }
        if (auto group = name.substr(0, dot); group != open_group) {
            out.grouped += "\n[" + group + "]\n";
            open_group = std::move(group);
        }
        out.grouped += name.substr(dot + 1) + " = " + text + "\n";
    }
    return out;
}

source_file member_file(const registry& all, const member& m) {
    const auto text = lines_of(m, [](auto& v, const auto& d) { fields::member(v, d); });
    std::vector<std::string> booked;
    for (const auto& one : all.subscriptions) {
        if (one.member == m.slug) booked.push_back(one.application.str());
    }
    const auto subscriptions =
        booked.empty() ? std::string() : "subscriptions = " + written(booked) + "\n";
    return {"members/" + m.slug.str() + ".toml", text.own + subscriptions + text.grouped};
}

source_file application_file(const application& a) {
    const auto text = lines_of(a, [](auto& v, const auto& d) { fields::application(v, d); });
    std::string whole = text.own + text.grouped;
    for (const auto& one : a.roles) {
        whole +=
            "\n[[role]]\n" + lines_of(one, [](auto& v, const auto& d) { fields::role(v, d); }).own;
    }
    for (const auto& one : a.clients) {
        whole += "\n[[client]]\n" +
                 lines_of(one, [](auto& v, const auto& d) { fields::client(v, d); }).own;
    }
    for (const auto& one : a.gateway.rules) {
        whole += "\n[[gateway_rule]]\n" +
                 lines_of(one, [](auto& v, const auto& d) { fields::gateway_rule(v, d); }).own;
    }
    return {"applications/" + a.key.str() + ".toml", std::move(whole)};
}

using texts_by_file = std::map<std::string, std::string>;

template <class Document, class Visit>
void append(std::string& text, std::string_view name, const Document& document, Visit visit) {
    if (!text.empty()) text += "\n";
    text += "[[" + std::string(name) + "]]\n" + lines_of(document, visit).own;
}

// Mappings of one member stand together; those for everybody in a file of their own.
texts_by_file mapping_texts(const registry& all) {
    texts_by_file by_file;
    for (const auto& [id, one] : all.mappings) {
        append(by_file[one.member ? one.member->str() : "all-members"], "mapping", one,
               [](auto& v, const auto& d) { fields::mapping(v, d); });
    }
    return by_file;
}

// What single persons of a member have been given or lost.
texts_by_file grant_texts(const registry& all) {
    texts_by_file by_file;
    for (const auto& [id, one] : all.grants)
        append(by_file[one.member.str()], "grant", one,
               [](auto& v, const auto& d) { fields::grant(v, d); });
    for (const auto& [id, one] : all.withdrawals)
        append(by_file[one.member.str()], "withdrawal", one,
               [](auto& v, const auto& d) { fields::withdrawal(v, d); });
    for (const auto& [id, one] : all.exceptions)
        append(by_file[one.member.str()], "exception", one,
               [](auto& v, const auto& d) { fields::exception(v, d); });
    return by_file;
}

std::string constraint_text(const registry& all) {
    std::string text;
    for (const auto& [id, one] : all.constraints)
        append(text, "constraint", one, [](auto& v, const auto& d) { fields::constraint(v, d); });
    return text;
}

}  // namespace

std::vector<source_file> write_registry(const registry& all) {
    std::vector<source_file> files;
    for (const auto& [key, one] : all.applications) files.push_back(application_file(one));
    if (auto text = constraint_text(all); !text.empty())
        files.push_back({"constraints/constraints.toml", std::move(text)});
    for (auto& [name, text] : grant_texts(all))
        files.push_back({"grants/" + name + ".toml", std::move(text)});
    for (auto& [name, text] : mapping_texts(all))
        files.push_back({"mappings/" + name + ".toml", std::move(text)});
    for (const auto& [slug, one] : all.members) files.push_back(member_file(all, one));
    return files;
}

}  // namespace kommpass::policies
