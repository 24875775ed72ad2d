#include "tests/support/test_certificate.hpp"

#include "tests/support/server_process.hpp"

#include <fstream>

namespace kommpass::tests {

test_authority::test_authority(std::filesystem::path folder, const std::string& name)
    : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
    run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj",
         "/CN=" + name, "-keyout", (folder_ / "ca.key").string(), "-out", ca_file().string()});
}

test_authority::pair test_authority::issue(const std::string& file_name, const std::string& subject,
                                           const std::string& names) const {
    const pair made{folder_ / (file_name + ".pem"), folder_ / (file_name + ".key")};
    const auto request = (folder_ / (file_name + ".csr")).string();
    const auto extensions = (folder_ / (file_name + ".ext")).string();
    std::ofstream(extensions) << "basicConstraints=CA:FALSE\n"
                              << (names.empty() ? "" : "subjectAltName=" + names + "\n");
    run({"openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-subj", subject, "-keyout", made.key.string(), "-out", request});
    run({"openssl", "x509", "-req", "-in", request, "-CA", ca_file().string(), "-CAkey",
         (folder_ / "ca.key").string(), "-CAcreateserial", "-days", "30", "-extfile", extensions,
         "-out", made.certificate.string()});
    return made;
}

}  // namespace kommpass::tests
