#include "idp/sessions/person_ids.hpp"

#include "idp/jose/key_ring.hpp"
#include "idp/store/person.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/transaction.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace kommpass::idp::sessions {
namespace {

constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t length = 26;

std::string base32(std::string_view bytes) {
    std::string text;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char byte : bytes) {
        held = (held << 8) | static_cast<unsigned char>(byte);
        for (bits += 8; bits >= 5 && text.size() < length; bits -= 5)
            text.push_back(digits[(held >> (bits - 5)) & 31]);
    }
    return text;
}

// `turn` is 0 but for entries whose own id somebody has who was tied to another entry since.
person_id derived(const jose::key_ring& keys, const member_slug& member,
                  const directory_id& directory, unsigned turn) {
    // No slug has a line break, so that no two pairs give the same text.
    std::string text = member.str() + "\n" + directory.str();
    if (turn > 0) text = std::to_string(turn) + "\n" + text;
    return person_id(base32(keys.keyed_hash(turn == 0 ? "person id" : "person id again", text)));
}

}  // namespace

person_id id_of_entry(store::transaction& t, const jose::key_ring& keys, const member_slug& member,
                      const directory_id& directory) {
    if (const auto known = t.persons().find(member, directory)) return known->id;
    for (unsigned turn = 0; true; ++turn) {
        auto id = derived(keys, member, directory, turn);
        if (!t.persons().find(id)) return id;
    }
}

store::person person_of_entry(store::transaction& t, const jose::key_ring& keys,
                              const member_slug& member, const directory_id& directory,
                              instant now) {
    return t.persons().ensure(member, directory, id_of_entry(t, keys, member, directory), now);
}

}  // namespace kommpass::idp::sessions
