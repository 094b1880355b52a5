// SPDX-License-Identifier: Apache-2.0
#include "net/tls/openssl_fault.hpp"
#include "telemetry/log.hpp"
#include "topd/doctor/doctor.hpp"
#include "topd/ending.hpp"
#include "topd/flags/flag_table.hpp"
#include "topd/flags/flags.hpp"
#include "topd/limits/cgroup.hpp"
#include "topd/limits/memory_plan.hpp"
#include "topd/settings.hpp"
#include "topd/top/top.hpp"
#include "topd/wiring.hpp"
#include "version/version.hpp"

#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

int main(int argc, char** argv) {
    try {
        if (argc > 0 && topd::top::is_plugin(argv[0]))
            return topd::top::run({argv + 1, argv + argc}, "kubectl history");
        if (argc > 1 && std::string_view{argv[1]} == "top")
            return topd::top::run({argv + 2, argv + argc}, "topd top");
        if (argc > 1 && std::string_view{argv[1]} == "doctor")
            return topd::doctor::run({argv + 2, argv + argc});
        const topd::Flags flags = topd::parse_flags({argv + 1, argv + argc});
        if (flags.help) return std::fputs(topd::help_text().c_str(), stdout) < 0;
        if (flags.version) return std::puts(("topd v" + version::number()).c_str()) < 0;
        topd::validate(flags);
        if (const std::string fault = net::openssl_fault(); !fault.empty()) throw std::runtime_error{fault};
        const topd::Cgroup cgroup;
        const topd::MemoryBounds bounds = topd::bounds_within(cgroup.limits().memory_bytes);
        telemetry::init(topd::log_options(flags), topd::log_ends(bounds));
        topd::run(flags, cgroup);
        telemetry::shutdown();
        return 0;
    } catch (const std::exception& error) {
        // Perhaps nobody reads what is written.
        topd::end_within(std::chrono::seconds{2}, 1);
        telemetry::shutdown();
        std::fprintf(stderr, "topd: %s\n", error.what());
        return 1;
    }
}
