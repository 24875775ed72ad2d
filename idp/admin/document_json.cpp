#include "idp/admin/document_json.hpp"

#include "policies/fields.hpp"

#include <boost/json/array.hpp>

#include <set>

namespace kommpass::idp::admin {
namespace {

namespace fields = policies::fields;
namespace words = policies::words;
using boost::json::object;
using boost::json::value;

class json_writer {
public:
    explicit json_writer(object& into) : into_(into) {}

    void field(std::string_view name, const std::string& v) { into_[name] = v; }
    void field(std::string_view name, bool v) { into_[name] = v; }
    void field(std::string_view name, int v) { into_[name] = v; }
    void field(std::string_view name, std::size_t v) { into_[name] = v; }
    void field(std::string_view name, std::chrono::milliseconds v) {
        into_[name] = static_cast<double>(v.count()) / 1000.0;
    }
    void field(std::string_view name, std::chrono::seconds v) { into_[name] = v.count(); }
    void field(std::string_view name, day v) { into_[name] = to_string(v); }
    template <class Tag>
    void field(std::string_view name, const strong_string<Tag>& v) {
        into_[name] = v.view();
    }
    template <class Value>
    void field(std::string_view name, const std::optional<Value>& v) {
        if (v)
            field(name, *v);
        else
            into_[name] = nullptr;
    }
    template <class Value>
    void field(std::string_view name, const std::vector<Value>& all) {
        boost::json::array list;
        for (const auto& one : all) list.emplace_back(text_of(one));
        into_[name] = std::move(list);
    }
    template <class Enum, std::size_t Size>
    void choice(std::string_view name, const Enum& v, const words::table<Enum, Size>& known) {
        into_[name] = words::word_for(known, v);
    }
    template <class Enum, std::size_t Size>
    void choice(std::string_view name, const std::optional<Enum>& v,
                const words::table<Enum, Size>& known) {
        if (v)
            into_[name] = words::word_for(known, *v);
        else
            into_[name] = nullptr;
    }
    template <class Inner>
    void group(std::string_view name, Inner inner) {
        object below;
        json_writer writer(below);
        inner(writer);
        into_[name] = std::move(below);
    }

private:
    static const std::string& text_of(const std::string& text) { return text; }
    template <class Tag>
    static const std::string& text_of(const strong_string<Tag>& text) {
        return text.str();
    }
    object& into_;
};

// Fills the fields of one document; remembers the first field that is wrong.
class json_reader {
public:
    explicit json_reader(const object& from) : from_(from) {}

    void field(std::string_view name, std::string& v) {
        if (const auto* found = take(name)) {
            if (found->is_string())
                v = std::string(found->get_string());
            else
                wrong(name, "must_be_text");
        }
    }
    template <class Tag>
    void field(std::string_view name, strong_string<Tag>& v) {
        std::string text = v.str();
        field(name, text);
        v = strong_string<Tag>(std::move(text));
    }
    template <class Tag>
    void field(std::string_view name, std::optional<strong_string<Tag>>& v) {
        std::string text;
        field(name, text);
        if (!text.empty()) v = strong_string<Tag>(std::move(text));
    }
    void field(std::string_view name, bool& v) {
        const auto* found = take(name);
        if (found == nullptr) return;
        if (!found->is_bool()) return wrong(name, "must_be_truth");
        v = found->get_bool();
    }
    void field(std::string_view name, std::optional<std::chrono::seconds>& v) {
        const auto* found = take(name);
        if (found == nullptr) return;
        boost::system::error_code no_number;
        const auto seconds = found->to_number<long long>(no_number);
        if (no_number || seconds < 0 || seconds > 366LL * 24 * 3600)
            return wrong(name, "must_be_seconds");
        v = std::chrono::seconds(seconds);
    }
    void field(std::string_view name, std::vector<std::string>& v) {
        const auto* found = take(name);
        if (found == nullptr) return;
        if (!found->is_array()) return wrong(name, "must_be_list");
        v.clear();
        for (const auto& one : found->get_array()) {
            if (!one.is_string()) return wrong(name, "must_be_list");
            v.emplace_back(one.get_string());
        }
    }
    void field(std::string_view name, std::optional<day>& v) {
        std::string text;
        field(name, text);
        if (text.empty()) return;
        v = parse_day(text);
        if (!v) wrong(name, "must_be_day");
    }
    template <class Tag>
    void field(std::string_view name, std::vector<strong_string<Tag>>& v) {
        std::vector<std::string> texts;
        for (const auto& one : v) texts.push_back(one.str());
        field(name, texts);
        v.clear();
        for (auto& one : texts) v.emplace_back(std::move(one));
    }
    template <class Enum, std::size_t Size>
    void choice(std::string_view name, Enum& v, const words::table<Enum, Size>& known) {
        std::string text;
        field(name, text);
        if (text.empty()) return;
        for (const auto& [word, one] : known) {
            if (word == text) {
                v = one;
                return;
            }
        }
        wrong(name, "unknown_word");
    }

    template <class Enum, std::size_t Size>
    void choice(std::string_view name, std::optional<Enum>& v,
                const words::table<Enum, Size>& known) {
        const auto* found = from_.if_contains(name);
        auto chosen = known.front().second;
        choice(name, chosen, known);
        if (found != nullptr && found->is_string() && !mistake_) v = chosen;
    }

    // The first mistake, or the first member that nobody asked for.
    [[nodiscard]] std::optional<refusal> mistake() const {
        if (mistake_) return mistake_;
        for (const auto& [name, unused] : from_) {
            if (!asked_.contains(name)) return invalid(std::string(name), "unknown_field");
        }
        return std::nullopt;
    }

private:
    // Null stands for absence.
    const value* take(std::string_view name) {
        asked_.insert(std::string(name));
        const auto* found = from_.if_contains(name);
        return found == nullptr || found->is_null() ? nullptr : found;
    }
    void wrong(std::string_view name, const char* code) {
        if (!mistake_) mistake_ = invalid(std::string(name), code);
    }

    const object& from_;
    std::set<std::string, std::less<>> asked_;
    std::optional<refusal> mistake_;
};

template <class Document, class Visit>
object written(const Document& document, Visit visit) {
    object made;
    json_writer writer(made);
    visit(writer, document);
    return made;
}

template <class Document, class Visit>
answer<Document> read(const object& from, Visit visit) {
    Document document;
    json_reader reader(from);
    visit(reader, document);
    if (auto no = reader.mistake()) return *std::move(no);
    return document;
}

}  // namespace

object to_json(const policies::member& one) {
    return written(one, [](auto& v, const auto& d) { fields::member(v, d); });
}
object to_json(const policies::client& one) {
    return written(one, [](auto& v, const auto& d) { fields::client(v, d); });
}
object to_json(const policies::application& one) {
    auto made = written(one, [](auto& v, const auto& d) { fields::application(v, d); });
    boost::json::array roles;
    for (const auto& role : one.roles)
        roles.push_back(written(role, [](auto& v, const auto& d) { fields::role(v, d); }));
    boost::json::array clients;
    for (const auto& client : one.clients) {
        auto object = to_json(client);
        object.erase("secret_sha256");
        clients.push_back(std::move(object));
    }
    boost::json::array rules;
    for (const auto& rule : one.gateway.rules)
        rules.push_back(written(rule, [](auto& v, const auto& d) { fields::gateway_rule(v, d); }));
    made["gateway_rules"] = std::move(rules);
    made["roles"] = std::move(roles);
    made["clients"] = std::move(clients);
    return made;
}
object to_json(const policies::mapping& one) {
    return written(one, [](auto& v, const auto& d) { fields::mapping(v, d); });
}
object to_json(const policies::grant& one) {
    return written(one, [](auto& v, const auto& d) { fields::grant(v, d); });
}
object to_json(const policies::withdrawal& one) {
    return written(one, [](auto& v, const auto& d) { fields::withdrawal(v, d); });
}
object to_json(const policies::constraint& one) {
    return written(one, [](auto& v, const auto& d) { fields::constraint(v, d); });
}
object to_json(const policies::constraint_exception& one) {
    return written(one, [](auto& v, const auto& d) { fields::exception(v, d); });
}

// Where secrets lie on the service's machine is nobody's business but the operator's.
void hide_machine(object& member) {
    auto* directory = member["directory"].if_object();
    if (directory == nullptr) return;
    for (const auto* name : {"bind_password_file", "bind_password_env", "bind_password_sealed",
                             "client_key_file", "client_certificate_file", "ca_file"})
        directory->erase(name);
}

answer<policies::client> client_from(const object& from) {
    return read<policies::client>(from, [](auto& v, auto& d) { fields::client(v, d); });
}
answer<policies::role> role_from(const object& from) {
    return read<policies::role>(from, [](auto& v, auto& d) { fields::role(v, d); });
}
answer<policies::mapping> mapping_from(const object& from) {
    return read<policies::mapping>(from, [](auto& v, auto& d) { fields::mapping(v, d); });
}
answer<policies::constraint> constraint_from(const object& from) {
    return read<policies::constraint>(from, [](auto& v, auto& d) { fields::constraint(v, d); });
}

}  // namespace kommpass::idp::admin
