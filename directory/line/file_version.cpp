#include "directory/line/file_version.hpp"

#include <sys/stat.h>

namespace kommpass::directory {

std::string file_version(const std::string& file) {
    struct stat found {};
    if (file.empty() || ::stat(file.c_str(), &found) != 0) return file;
    return file + "@" + std::to_string(found.st_mtim.tv_sec) + "." +
           std::to_string(found.st_mtim.tv_nsec) + "." + std::to_string(found.st_ino) + "." +
           std::to_string(found.st_size);
}

}  // namespace kommpass::directory
