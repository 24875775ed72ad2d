#include "idp/jose/key_file.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/jose/foreign_jwt.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

namespace kommpass::idp::jose {
namespace {

namespace json = boost::json;

constexpr std::size_t largest_file = 1024 * 1024;

struct descriptor {
    int fd;
    ~descriptor() {
        if (fd >= 0) ::close(fd);
    }
};

key_file_error mistake(const std::string& path, const std::string& what) {
    return {path + ": " + what};
}

std::string_view word_for(key_state state) {
    switch (state) {
        case key_state::next:
            return "next";
        case key_state::active:
            return "active";
        case key_state::retired:
            return "retired";
    }
    return "next";
}

std::optional<key_state> state_named(std::string_view word) {
    for (const auto state : {key_state::next, key_state::active, key_state::retired}) {
        if (word_for(state) == word) return state;
    }
    return std::nullopt;
}

std::string word_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

instant time_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_int64() ? from_unix_seconds(value->get_int64())
                                                 : instant{};
}

result<kept_key, key_file_error> read_key(const std::string& path, const json::value& value) {
    if (!value.is_object()) return mistake(path, "a key is no JSON object");
    const auto& object = value.get_object();
    const auto kid = word_of(object, "kid");
    const auto kind = algorithm_named(word_of(object, "alg"));
    const auto state = state_named(word_of(object, "state"));
    auto der = base64url::decode(word_of(object, "private_key"));
    if (!kind || !state || !der)
        return mistake(path, "key \"" + kid + "\" has no valid alg, state or private_key");
    auto key = signing_key::from_private_der(*kind, *der);
    wipe(*der);
    if (!key) {
        return mistake(path,
                       "key \"" + kid +
                           "\" is too weak or of another kind than its alg; allowed are P-256, "
                           "Ed25519 and RSA of at least 3072 bit");
    }
    if (key->thumbprint() != kid)
        return mistake(path, "key \"" + kid + "\" does not match its kid");
    key_info info{kid,
                  *kind,
                  *state,
                  time_of(object, "created"),
                  time_of(object, "activated"),
                  time_of(object, "published_until")};
    return kept_key{std::move(info), std::move(*key)};
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

bool sync_folder(const std::filesystem::path& folder) {
    const descriptor opened{
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return opened.fd >= 0 && ::fsync(opened.fd) == 0;
}

// Nothing where there is no file.
result<std::optional<std::string>, key_file_error> read_text(const std::string& path) {
    using answer = result<std::optional<std::string>, key_file_error>;
    const descriptor opened{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (opened.fd < 0 && errno == ENOENT) return answer(std::nullopt);
    struct stat about {};
    if (opened.fd < 0 || ::fstat(opened.fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        return answer(mistake(path, std::string("cannot be read: ") + std::strerror(errno)));
    }
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return answer(
            mistake(path,
                    "others may read the private keys; `chmod 600` it, and rotate the keys if "
                    "somebody did"));
    }
    if (static_cast<std::size_t>(about.st_size) > largest_file)
        return answer(mistake(path, "is larger than 1 MiB"));
    std::string text(static_cast<std::size_t>(about.st_size), '\0');
    const auto got = ::read(opened.fd, text.data(), text.size());
    if (got != about.st_size) return answer(mistake(path, "cannot be read whole"));
    return answer(std::optional(std::move(text)));
}

// Wipes the text.
result<void, key_file_error> write_text(const std::string& path, std::string text) {
    const std::string beside = path + ".new";
    ::unlink(beside.c_str());  // of a writer that was killed
    bool written = false;
    {
        const descriptor opened{
            ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
        written = opened.fd >= 0 && ::fchmod(opened.fd, 0600) == 0 && write_all(opened.fd, text) &&
                  ::fsync(opened.fd) == 0;
    }
    wipe(text);
    if (!written || ::rename(beside.c_str(), path.c_str()) != 0 ||
        !sync_folder(std::filesystem::path(path).parent_path())) {
        return mistake(path, std::string("cannot be written: ") + std::strerror(errno) +
                                 "; is its folder writable?");
    }
    return {};
}

}  // namespace

result<key_file, key_file_error> parse_key_file(const std::string& path, std::string_view text) {
    json::error_code error;
    const auto whole = json::parse(text, error);
    const auto* object = error ? nullptr : whole.if_object();
    const auto* list = object != nullptr ? object->if_contains("keys") : nullptr;
    if (list == nullptr || !list->is_array())
        return mistake(path, "is no key file; restore it from a backup");
    auto secret = base64url::decode(word_of(*object, "sealing_secret"));
    if (!secret || secret->size() != 32)
        return mistake(path, "sealing_secret is missing or has not 32 bytes");

    key_file file{secret_string(std::move(*secret)), {}};
    std::set<std::string> kids;
    for (const auto& value : list->get_array()) {
        auto key = read_key(path, value);
        if (!key) return key.error();
        if (!kids.insert(key->info.kid).second)
            return mistake(path, "kid \"" + key->info.kid + "\" occurs twice");
        const bool second_active =
            key->info.state == key_state::active &&
            std::any_of(file.keys.begin(), file.keys.end(), [&](const kept_key& other) {
                return other.info.state == key_state::active &&
                       other.info.algorithm == key->info.algorithm;
            });
        if (second_active) return mistake(path, "two keys of one algorithm are active");
        file.keys.push_back(std::move(*key));
    }
    return file;
}

std::string text_of(const key_file& file) {
    json::array keys;
    for (const auto& kept : file.keys) {
        auto der = kept.key.to_private_der();
        keys.push_back(json::object{{"kid", kept.info.kid},
                                    {"alg", name_of(kept.info.algorithm)},
                                    {"state", word_for(kept.info.state)},
                                    {"created", to_unix_seconds(kept.info.created_at)},
                                    {"activated", to_unix_seconds(kept.info.activated_at)},
                                    {"published_until", to_unix_seconds(kept.info.published_until)},
                                    {"private_key", base64url::encode(der)}});
        wipe(der);
    }
    const json::object whole{{"sealing_secret", base64url::encode(file.sealing_secret.reveal())},
                             {"keys", std::move(keys)}};
    return json::serialize(whole) + "\n";
}

result<std::optional<key_file>, key_file_error> read_key_file(const std::string& path) {
    using answer = result<std::optional<key_file>, key_file_error>;
    auto text = read_text(path);
    if (!text) return answer(text.error());
    if (!*text) return answer(std::nullopt);
    auto parsed = parse_key_file(path, **text);
    wipe(**text);
    if (!parsed) return answer(parsed.error());
    return answer(std::move(*parsed));
}

result<void, key_file_error> write_key_file(const std::string& path, const key_file& file) {
    return write_text(path, text_of(file));
}

result<std::optional<sealing_key_file>, key_file_error> read_sealing_key_file(
    const std::string& path) {
    using answer = result<std::optional<sealing_key_file>, key_file_error>;
    auto text = read_text(path);
    if (!text) return answer(text.error());
    if (!*text) return answer(std::nullopt);
    json::error_code error;
    const auto whole = json::parse(**text, error);
    wipe(**text);
    const auto* object = error ? nullptr : whole.if_object();
    if (object == nullptr || !object->contains("sealing_key")) return answer(std::nullopt);
    auto key = base64url::decode(word_of(*object, "sealing_key"));
    if (!key || key->size() != 32)
        return answer(mistake(path, "sealing_key has not 32 bytes; copy the file of another node"));
    return answer(sealing_key_file{secret_string(std::move(*key))});
}

result<void, key_file_error> write_sealing_key_file(const std::string& path,
                                                    const sealing_key_file& file) {
    const json::object whole{{"sealing_key", base64url::encode(file.key.reveal())}};
    return write_text(path, json::serialize(whole) + "\n");
}

key_file_lock::key_file_lock(const std::string& path)
    : descriptor_(
          ::open((path + ".lock").c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)) {
    if (descriptor_ >= 0) ::flock(descriptor_, LOCK_EX);
}

key_file_lock::~key_file_lock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace kommpass::idp::jose
