// The shapes of the registry's documents, made from the same lists of fields as their reader
// (document_json): what is a field there is a member here.
#include "idp/api/shapes.hpp"
#include "policies/fields.hpp"

#include <boost/json/array.hpp>

#include <map>

namespace kommpass::idp::api::shapes {
namespace {

namespace fields = policies::fields;
namespace words = policies::words;
using kind = shape::kind;
using shared = std::shared_ptr<const shape>;

bool has_no_nul(std::string_view text) { return text.find('\0') == std::string_view::npos; }

constexpr long long longest_text = 1024;
constexpr long long longest_keys = 12 * 1024;  // of a client, as JSON text
constexpr long long most_items = 500;

// A text that may be empty: empty and absent are the same in a document.
shape plain_text(long long most) {
    shape made;
    made.most = most;
    made.pattern = R"(^[^\u0000]*$)";
    made.holds = has_no_nul;
    return made;
}

// Goes over the fields of a document and notes what each may be.
class shape_maker {
public:
    explicit shape_maker(std::vector<shape_member>& into) : into_(into) {}

    void field(std::string_view name, const std::string&) {
        put(name, plain_text(name == "jwks" ? longest_keys : longest_text));
    }
    void field(std::string_view name, bool) { put(name, shapes::truth()); }
    void field(std::string_view name, const std::optional<kommpass::day>&) {
        put(name, shapes::day());
    }
    void field(std::string_view name, const std::optional<std::chrono::seconds>&) {
        shape seconds;
        seconds.what = kind::number;
        seconds.most = 366LL * 24 * 3600;
        seconds.wrong = "must_be_seconds";
        put(name, seconds);
    }
    void field(std::string_view name, const std::vector<std::string>&) {
        put(name, list(plain_text(2048)));
    }
    void field(std::string_view name, const std::vector<member_slug>&) {
        put(name, list(shapes::slug()));
    }
    void field(std::string_view name, const std::vector<role_name>&) {
        put(name, list(shapes::role()));
    }
    void field(std::string_view name, const std::vector<client_id>&) {
        put(name, list(shapes::client()));
    }
    void field(std::string_view name, const std::optional<member_slug>&) {
        put(name, shapes::slug());
    }
    void field(std::string_view name, const role_name&) { put(name, shapes::role()); }
    void field(std::string_view name, const client_id&) { put(name, shapes::client()); }
    template <class Value, class Enum, std::size_t Size>
    void choice(std::string_view name, const Value&, const words::table<Enum, Size>& known) {
        shape one;
        for (const auto& [word, unused] : known) one.words.push_back(word);
        put(name, one);
    }

private:
    static shape list(shape items) {
        shape made;
        made.what = kind::list;
        made.most = most_items;
        made.items = std::make_shared<const shape>(std::move(items));
        return made;
    }
    // Null is how a document that was read shows what is not set, and it may be sent back.
    void put(std::string_view name, shape one) {
        one.may_be_null = true;
        if (!one.name.empty()) one.name = {};  // the one in the components takes no null
        into_.push_back({name, std::make_shared<const shape>(std::move(one)), false});
    }

    std::vector<shape_member>& into_;
};

template <class Document, class Visit>
shape document_shape(std::string_view name, Visit visit, boost::json::object example) {
    shape made;
    made.what = kind::object;
    made.name = name;
    const Document empty;
    shape_maker maker(made.members);
    visit(maker, empty);
    made.example = std::move(example);
    return made;
}

// What a document that was shown carries beside itself; it may be sent back and is left unread.
void add_version(shape& made) {
    auto digest = shapes::digest();
    digest.name = {};
    digest.may_be_null = true;
    made.members.push_back({"digest", std::make_shared<const shape>(digest), false});
    shape anything;
    anything.what = kind::object;
    anything.is_open = true;
    made.members.push_back({"means", std::make_shared<const shape>(anything), false});
}

}  // namespace

const shape& mapping_document() {
    static const auto made = [] {
        auto one = document_shape<policies::mapping>(
            "MappingDocument", [](auto& v, const auto& d) { fields::mapping(v, d); },
            {{"member", "lebus"},
             {"group", "GG_Meldeamt"},
             {"roles", boost::json::array{"meso.auskunft"}}});
        add_version(one);
        return one;
    }();
    return made;
}
const shape& constraint_document() {
    static const auto made = document_shape<policies::constraint>(
        "ConstraintDocument", [](auto& v, const auto& d) { fields::constraint(v, d); },
        {{"id", "anordnen-und-ausfuehren"},
         {"first", "prodoppik.anordnung"},
         {"second", "prodoppik.kasse"}});
    return made;
}
const shape& client_document() {
    static const auto made = [] {
        auto one = document_shape<policies::client>(
            "ClientDocument", [](auto& v, const auto& d) { fields::client(v, d); },
            {{"authentication", "none"},
             {"purpose", "Anzeige des Namens"},
             {"redirect_uris", boost::json::array{"https://dms.example/oidc/callback"}}});
        add_version(one);
        return one;
    }();
    return made;
}
const shape& role_document() {
    static const auto made = document_shape<policies::role>(
        "RoleDocument", [](auto& v, const auto& d) { fields::role(v, d); },
        {{"title", "Akten lesen"}, {"description", "Lesen, ohne zu bearbeiten"}});
    return made;
}

}  // namespace kommpass::idp::api::shapes
