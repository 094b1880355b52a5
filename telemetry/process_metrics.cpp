// SPDX-License-Identifier: Apache-2.0
#include "telemetry/process_metrics.hpp"

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace telemetry {
namespace {

constexpr Family kCpu{"process_cpu_seconds_total", "Total user and system CPU time spent in seconds.",
                      MetricType::counter};
constexpr Family kMaxFiles{"process_max_fds", "Maximum number of open file descriptors.", MetricType::gauge};
constexpr Family kOpenFiles{"process_open_fds", "Number of open file descriptors.", MetricType::gauge};
constexpr Family kResident{"process_resident_memory_bytes", "Resident memory size in bytes.",
                           MetricType::gauge};
constexpr Family kStarted{"process_start_time_seconds",
                          "Start time of the process since unix epoch in seconds.", MetricType::gauge};
constexpr Family kVirtual{"process_virtual_memory_bytes", "Virtual memory size in bytes.", MetricType::gauge};
constexpr Family kMaxVirtual{"process_virtual_memory_max_bytes",
                             "Maximum amount of virtual memory available in bytes.", MetricType::gauge};

std::string read_file(const char* path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::uint64_t to_number(std::string_view text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// When the machine was started, as Unix time; 0: not told.
std::uint64_t boot_time() {
    constexpr std::string_view kKey = "\nbtime ";
    const std::string text = read_file("/proc/stat");
    const std::size_t at = text.find(kKey);
    return at == std::string::npos ? 0 : to_number(std::string_view{text}.substr(at + kKey.size()));
}

std::uint64_t limit_of(__rlimit_resource resource) {
    rlimit limit{};
    return getrlimit(resource, &limit) == 0 ? limit.rlim_cur : 0;
}

std::uint64_t count_open_files() {
    constexpr const char* kFolder = "/proc/self/fd";
    // From Linux 6.2 the folder's size is their number. Before, they have to be counted: some 0.3 us each.
    struct stat folder {};
    if (stat(kFolder, &folder) == 0 && folder.st_size > 0) return static_cast<std::uint64_t>(folder.st_size);
    std::error_code error;
    std::uint64_t files = 0;
    for (std::filesystem::directory_iterator at{kFolder, error}, end; !error && at != end;
         at.increment(error))
        ++files;
    // One of them is the folder itself, open for this.
    return files > 0 ? files - 1 : 0;
}

}  // namespace

std::optional<ProcessStat> parse_process_stat(std::string_view text) {
    // The second field is the program's name in parentheses, which may hold spaces and parentheses.
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string_view::npos) return std::nullopt;
    text.remove_prefix(name_end + 1);
    // By proc(5)'s numbers.
    constexpr std::size_t kFirst = 3, kUser = 14, kSystem = 15, kStart = 22, kVirtualSize = 23, kRss = 24;
    std::array<std::uint64_t, kRss + 1> fields{};
    for (std::size_t field = kFirst; field <= kRss; ++field) {
        const std::size_t begin = text.find_first_not_of(' ');
        if (begin == std::string_view::npos) return std::nullopt;
        text.remove_prefix(begin);
        fields[field] = to_number(text);
        text.remove_prefix(std::min(text.find(' '), text.size()));
    }
    return ProcessStat{fields[kUser], fields[kSystem], fields[kStart], fields[kVirtualSize], fields[kRss]};
}

ProcessUse process_use() {
    ProcessUse use;
    if (const auto stat = parse_process_stat(read_file("/proc/self/stat"))) {
        const auto second = static_cast<double>(sysconf(_SC_CLK_TCK));
        use.cpu_seconds = static_cast<double>(stat->user_ticks + stat->system_ticks) / second;
        use.virtual_bytes = stat->virtual_bytes;
        use.resident_bytes = stat->resident_pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
        use.started = static_cast<double>(boot_time()) + static_cast<double>(stat->start_ticks) / second;
    }
    use.open_files = count_open_files();
    use.max_files = limit_of(RLIMIT_NOFILE);
    use.max_virtual_bytes = limit_of(RLIMIT_AS);
    return use;
}

void write_process_metrics(MetricsText& text, const ProcessUse& use) {
    text.begin(kCpu);
    text.sample({}, use.cpu_seconds);
    text.begin(kMaxFiles);
    text.sample({}, use.max_files);
    text.begin(kOpenFiles);
    text.sample({}, use.open_files);
    text.begin(kResident);
    text.sample({}, use.resident_bytes);
    text.begin(kStarted);
    text.sample({}, use.started);
    text.begin(kVirtual);
    text.sample({}, use.virtual_bytes);
    text.begin(kMaxVirtual);
    text.sample({}, static_cast<double>(use.max_virtual_bytes));
}

}  // namespace telemetry
