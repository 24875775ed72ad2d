#include "idp/observe/metrics.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

namespace kommpass::idp::observe {
namespace {

double resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    unsigned long long size = 0;
    unsigned long long resident = 0;
    statm >> size >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double open_files() {
    std::error_code ec;
    double count = 0;
    for (std::filesystem::directory_iterator i("/proc/self/fd", ec), end; !ec && i != end;
         i.increment(ec)) {
        ++count;
    }
    return count;
}

double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

void add_process_gauges(metrics& to) {
    const auto started =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    to.add_gauge("process_resident_memory_bytes", "Resident memory.", resident_bytes);
    to.add_gauge("process_open_fds", "Open file descriptors.", open_files);
    to.add_gauge("process_cpu_seconds_total", "CPU time used, user and system.", cpu_seconds);
    to.add_gauge("process_start_time_seconds", "Start of the process, Unix time.",
                 [started] { return started; });
}

}  // namespace kommpass::idp::observe
