#include "config/settings.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace kommpass::config;
using namespace std::chrono_literals;

namespace {

const std::string least = "issuer = \"https://pass.example\"\n[listen]\ntls = false\n";

std::vector<std::string> mistakes_of(const std::string& toml) {
    const auto read = parse_settings(toml, "kommpass.toml");
    std::vector<std::string> lines;
    if (!read) {
        for (const auto& one : read.error()) lines.push_back(one.to_string());
    }
    return lines;
}

bool one_mistake_with(const std::string& toml, const std::string& place, const std::string& words) {
    const auto lines = mistakes_of(toml);
    INFO(toml);
    for (const auto& line : lines) INFO(line);
    return lines.size() == 1 && lines.front().starts_with(place) &&
           lines.front().find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("the least settings are enough, and everything else has its default") {
    const auto read = parse_settings(least, "/etc/kommpass/kommpass.toml");
    REQUIRE(read.has_value());
    CHECK(read->issuer == "https://pass.example");
    CHECK(read->listen.port == 8443);
    CHECK(read->session.idle == 2h);
    CHECK(read->store_file == "/etc/kommpass/kommpass.db");  // relative to the settings file
    CHECK(read->key_file == "/etc/kommpass/keys.json");
}

TEST_CASE("the sample settings say the defaults, key by key") {
    std::ifstream in("config/kommpass.toml");
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const auto sample = parse_settings(text, "kommpass.toml");
    if (!sample) MESSAGE(sample.error().front().to_string());
    REQUIRE(sample.has_value());
    const settings usual;
    CHECK(sample->session.idle == usual.session.idle);
    CHECK(sample->session.absolute == usual.session.absolute);
    CHECK(sample->limit.header_bytes == usual.limit.header_bytes);
    CHECK(sample->limit.body_bytes == usual.limit.body_bytes);
    CHECK(sample->limit.connections == usual.limit.connections);
    CHECK(sample->limit.request_timeout == usual.limit.request_timeout);
    CHECK(sample->limit.idle_timeout == usual.limit.idle_timeout);
    CHECK(sample->limit.waiting_store_work == usual.limit.waiting_store_work);
    CHECK(sample->throttle.free_attempts_per_account == usual.throttle.free_attempts_per_account);
    CHECK(sample->throttle.free_attempts_per_address == usual.throttle.free_attempts_per_address);
    CHECK(sample->registration_wait == usual.registration_wait);
    CHECK(sample->throttle.first_wait == usual.throttle.first_wait);
    CHECK(sample->throttle.longest_wait == usual.throttle.longest_wait);
    CHECK(sample->throttle.forget_after == usual.throttle.forget_after);
    CHECK(sample->key_rotation == usual.key_rotation);
    CHECK(sample->format == usual.format);
    CHECK(sample->level == usual.level);
    CHECK(sample->io_threads == usual.io_threads);
    CHECK(sample->metrics.port == usual.metrics.port);
}

TEST_CASE("an unknown key is refused with file, line and the nearest right key") {
    CHECK(one_mistake_with(least + "[session]\nidel = \"2h\"\n",
                           "kommpass.toml:5: ", "did you mean \"idle\"?"));
    CHECK(one_mistake_with(least + "[sesion]\nidle = \"2h\"\n",
                           "kommpass.toml:4: ", "did you mean \"session\"?"));
}

TEST_CASE("wrong types, units and bounds are refused with what is right") {
    CHECK(
        one_mistake_with(least + "[session]\nidle = 7200\n", "kommpass.toml:5: ", "with its unit"));
    CHECK(one_mistake_with(least + "[session]\nidle = \"2 hours\"\n",
                           "kommpass.toml:5: ", "with its unit"));
    CHECK(one_mistake_with(least + "[limits]\nheader = \"16KB\"\n", "kommpass.toml:5: ", "16KiB"));
    CHECK(
        one_mistake_with(least + "[limits]\nconnections = 0\n", "kommpass.toml:5: ", "from 1 to"));
    CHECK(one_mistake_with(least + "[log]\nlevel = \"inof\"\n",
                           "kommpass.toml:5: ", "did you mean \"info\"?"));
    CHECK(one_mistake_with(least + "[store]\nurl = \"mysql:x\"\n", "kommpass.toml:5: ", "sqlite:"));
    CHECK(one_mistake_with(least + "[session]\nidle = \"12h\"\nabsolute = \"10h\"\n",
                           "kommpass.toml:5: ", "longer"));
    CHECK(one_mistake_with(least + "[help]\nimprint_uri = \"http://x\"\n",
                           "kommpass.toml:5: ", "https://"));
    CHECK(one_mistake_with(least + "[help\n", "kommpass.toml:4: ", ""));
}

TEST_CASE("a PostgreSQL database is named by its URL, with connections of this node's own") {
    const auto read = parse_settings(
        least + "[store]\nurl = \"postgresql://kommpass@db1,db2/kommpass\"\nread_connections = 8\n",
        "kommpass.toml");
    REQUIRE(read.has_value());
    CHECK(read->store_url == "postgresql://kommpass@db1,db2/kommpass");
    CHECK(read->store_write_connections == 2);
    CHECK(read->store_read_connections == 8);
    // A file has no connections.
    CHECK(one_mistake_with(least + "[store]\nurl = \"sqlite:x.db\"\nread_connections = 8\n",
                           "kommpass.toml:6: ", "read_connections"));
}

TEST_CASE("the issuer is https in lower case, without query, fragment and final slash") {
    for (const auto* wrong :
         {"", "http://pass.example", "https://", "https://pass.example/", "https://Pass.example",
          "https://pass.example?x", "https://pass.example#x", "https://pass example"}) {
        CAPTURE(wrong);
        CHECK(mistakes_of("issuer = \"" + std::string(wrong) + "\"\n[listen]\ntls = false\n")
                  .size() == 1);
    }
    for (const auto* right : {"/Tenant", "/stadt/pass", "/a.b-c_d~e", "/accounts"}) {
        CHECK(mistakes_of("issuer = \"https://pass.example" + std::string(right) +
                          "\"\n[listen]\ntls = false\n")
                  .empty());
    }
    for (const auto* wrong :
         {"/account", "/console/x", "/a//b", "/a/../b", "/a%20b", "/ä", "/a;b"}) {
        CAPTURE(std::string(wrong));
        CHECK(mistakes_of("issuer = \"https://pass.example" + std::string(wrong) +
                          "\"\n[listen]\ntls = false\n")
                  .size() == 1);
    }
}

TEST_CASE("TLS without a certificate is a mistake, not a surprise") {
    CHECK(one_mistake_with("issuer = \"https://pass.example\"\n[listen]\nport = 1\n",
                           "kommpass.toml:2: ", "certificate_file"));
}

TEST_CASE(
    "mail goes nowhere without a url; with one it needs a sender, and a password for a name") {
    const auto mail = least + "[mail]\n";
    CHECK(mistakes_of(mail + "user = \"x\"\n").empty());
    CHECK(mistakes_of(mail + "url = \"smtps://mail.example\"\nfrom = \"kommpass@dikom.example\"\n")
              .empty());
    CHECK(one_mistake_with(mail + "url = \"http://mail.example\"\nfrom = \"a@b\"\n",
                           "kommpass.toml:5: ", "smtps://"));
    for (const auto* from : {"", "dikom", "@dikom.example", "a@", "a@b\\r\\nBcc: c@d", "<a@b>"})
        CHECK(one_mistake_with(mail + "url = \"smtp://mail.example\"\nfrom = \"" + from + "\"\n",
                               "kommpass.toml:", "sender's address"));
    CHECK(one_mistake_with(
        mail + "url = \"smtp://mail.example\"\nfrom = \"a@b\"\nuser = \"kommpass\"\n",
        "kommpass.toml:7: ", "password_file"));
}

TEST_CASE("every mistake is told at once") {
    CHECK(mistakes_of("issuer = \"x\"\n[listen]\ntls = 1\nprot = 3\n[session]\nidle = \"x\"\n")
              .size() >= 4);
}

TEST_CASE(
    "certificates of clients: a port of its own or a proxy's header, and an address for them") {
    const std::string with_tls =
        "issuer = \"https://pass.example\"\ntrusted_proxies = [\"10.1.0.2\"]\n[listen]\n"
        "certificate_file = \"c.pem\"\nprivate_key_file = \"k.pem\"\n";
    const auto read =
        parse_settings(with_tls +
                           "[mtls]\nport = 8449\npublic_address = \"https://mtls.pass.example\"\n"
                           "ca_file = \"ca.pem\"\n[dpop]\nrequire_nonce = true\n",
                       "/etc/kommpass/kommpass.toml");
    REQUIRE(read.has_value());
    REQUIRE(read->mtls.listen.has_value());
    CHECK(read->mtls.listen->port == 8449);
    CHECK(read->mtls.listen->asks_for_certificate);
    CHECK(read->mtls.listen->certificate_file == "/etc/kommpass/c.pem");
    CHECK_FALSE(read->listen.asks_for_certificate);
    CHECK(read->mtls.ca_file == "/etc/kommpass/ca.pem");
    CHECK(read->dpop_nonce);

    const auto header = parse_settings(
        with_tls +
            "[mtls]\nheader = \"Client-Cert\"\npublic_address = \"https://mtls.pass.example\"\n",
        "kommpass.toml");
    REQUIRE(header.has_value());
    CHECK(header->mtls.header == "client-cert");
    CHECK(header->mtls.is_offered());

    const std::string address = "public_address = \"https://mtls.pass.example\"\n";
    CHECK(one_mistake_with(least + "[mtls]\n" + address + "header = \"Client-Cert\"\n",
                           "kommpass.toml:6: ", "trusted_proxies"));
    CHECK(one_mistake_with(with_tls + "[mtls]\n" + address, "kommpass.toml", "port of its own"));
    CHECK(one_mistake_with(least + "[mtls]\n" + address + "port = 8449\n",
                           "kommpass.toml:6: ", "certificate_file"));
    for (const auto* wrong : {"http://mtls.pass.example", "https://mtls.pass.example/",
                              "https://u@mtls.pass.example", "https://mtls.pass.example?x"})
        CHECK(one_mistake_with(
            with_tls + "[mtls]\nport = 1\npublic_address = \"" + std::string(wrong) + "\"\n",
            "kommpass.toml:8: ", "https address"));
}
