#include "tests/idp/attacks/random_documents.hpp"

#include "idp/admin/document_json.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/service/shared_parts.hpp"
#include "policies/fields.hpp"
#include "tests/idp/attacks/arguments.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>

namespace kommpass::tests::attacks {
namespace {

namespace json = boost::json;

// Without these, hardly a document is taken at all.
constexpr std::string_view essential[] = {"member", "group", "roles",        "first",
                                          "second", "title", "redirect_uris"};
// What only an operation writes.
constexpr std::string_view of_the_operations[] = {"state",       "asked_by",    "asked_on",
                                                  "approved_by", "approved_on", "agreed"};

// A visitor over the fields of a document that writes some of them.
class random_writer {
public:
    random_writer(json::object& into, bool few, world& w, dice& d)
        : into_(into), few_(few), world_(w), dice_(d) {}

    void field(std::string_view name, const std::string&) { put_text(name); }
    template <class Tag>
    void field(std::string_view name, const strong_string<Tag>&) {
        put_text(name);
    }
    template <class Tag>
    void field(std::string_view name, const std::optional<strong_string<Tag>>&) {
        put_text(name);
    }
    void field(std::string_view name, const std::optional<day>&) { put_text(name); }
    void field(std::string_view name, const bool&) {
        if (is_wanted(name)) into_[name] = dice_.one_in(2);
    }
    void field(std::string_view name, const std::optional<std::chrono::seconds>&) {
        if (is_wanted(name)) into_[name] = dice_.below(100'000);
    }
    template <class One>
    void field(std::string_view name, const std::vector<One>&) {
        if (!is_wanted(name)) return;
        json::array list;
        for (auto i = 1 + dice_.below(3); i > 0; --i) list.emplace_back(text(name));
        into_[name] = std::move(list);
    }
    template <class Enum, std::size_t Size>
    void choice(std::string_view name, const Enum&,
                const policies::words::table<Enum, Size>& known) {
        if (is_wanted(name)) into_[name] = known[dice_.below(Size)].first;
    }
    template <class Enum, std::size_t Size>
    void choice(std::string_view name, const std::optional<Enum>&,
                const policies::words::table<Enum, Size>& known) {
        if (is_wanted(name)) into_[name] = known[dice_.below(Size)].first;
    }

private:
    static bool is_in(std::string_view name, const auto& list) {
        return std::find(std::begin(list), std::end(list), name) != std::end(list);
    }
    bool is_wanted(std::string_view name) {
        if (is_in(name, of_the_operations)) return dice_.one_in(10);
        if (name == "for_members") return world_.seeks_agreement || dice_.one_in(3);
        if (few_) return dice_.one_in(8);
        return is_in(name, essential) || dice_.one_in(5);
    }
    std::string text(std::string_view name) {
        return text_for(name, {}, world_, dice_).value_or("Boese-Hostil");
    }
    void put_text(std::string_view name) {
        if (name != "id" && is_wanted(name)) into_[name] = text(name);
    }

    json::object& into_;
    bool few_;
    world& world_;
    dice& dice_;
};

template <class Document>
json::object overlaid(json::object base, const Document& shape, world& w, dice& d,
                      auto visit_fields) {
    const bool few = !base.empty();
    random_writer writer(base, few, w, d);
    visit_fields(writer, shape);
    return base;
}

template <class Map>
json::object found_in(const Map& all, const std::string& id, dice& d) {
    const auto found = all.find(id);
    if (found == all.end() || d.one_in(3)) return {};
    return idp::admin::to_json(found->second);
}

// A client or role, as its application's document has it.
json::object found_in_applications(const policies::registry& all, const char* list,
                                   const char* name, const std::string& id, dice& d) {
    for (const auto& [key, application] : all.applications) {
        const auto written = idp::admin::to_json(application);
        for (const auto& one : written.at(list).as_array()) {
            if (one.at(name).as_string() == id && !d.one_in(3)) return one.as_object();
        }
    }
    return {};
}

json::object made(std::string_view kind, const std::string& own_name, world& w, dice& d) {
    const auto registry = w.idp.parts().registry.get();
    const auto& all = registry->documents();
    namespace fields = policies::fields;
    if (kind == "mapping") {
        return overlaid(found_in(all.mappings, own_name, d), policies::mapping{}, w, d,
                        [](auto& v, const auto& one) { fields::mapping(v, one); });
    }
    if (kind == "constraint") {
        return overlaid(found_in(all.constraints, own_name, d), policies::constraint{}, w, d,
                        [](auto& v, const auto& one) { fields::constraint(v, one); });
    }
    if (kind == "client") {
        return overlaid(found_in_applications(all, "clients", "id", own_name, d),
                        policies::client{}, w, d,
                        [](auto& v, const auto& one) { fields::client(v, one); });
    }
    return overlaid(found_in_applications(all, "roles", "name", own_name, d), policies::role{}, w,
                    d, [](auto& v, const auto& one) { fields::role(v, one); });
}

}  // namespace

bool is_known_document(std::string_view kind) {
    return kind == "mapping" || kind == "constraint" || kind == "client" || kind == "role";
}

json::value random_document(std::string_view kind, const std::string& own_name, world& w, dice& d) {
    if (!is_known_document(kind)) return "unknown";
    auto document = made(kind, own_name, w, d);
    const auto* name = kind == "role" ? "name" : "id";
    if (d.one_in(20))
        document.erase(name);
    else
        document[name] = own_name;
    return document;
}

}  // namespace kommpass::tests::attacks
