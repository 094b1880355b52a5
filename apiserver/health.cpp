// SPDX-License-Identifier: Apache-2.0
#include "apiserver/health.hpp"

#include "apiserver/answer.hpp"
#include "telemetry/log.hpp"
#include "text/go_text.hpp"

#include <set>
#include <utility>

namespace apiserver {
namespace {

std::string cause_of(const HealthCheck& check, HealthCheck::Reader reader) {
    return check.cause ? check.cause(reader) : std::string{};
}

net::Response one(const HealthCheck& check) {
    const std::optional<std::string> failure = check.failure();
    if (!failure) return answer_text(200, "ok");
    std::string text = "internal server error: " + *failure;
    const std::string cause = cause_of(check, HealthCheck::Reader::authorized);
    if (!cause.empty()) text.append(": ").append(cause);
    return answer_plain(500, text.append("\n"));
}

std::string quoted_list(const std::set<std::string_view>& names) {
    std::string out;
    for (const std::string_view name : names) {
        if (!out.empty()) out.push_back(',');
        out.append(text::quoted(name));
    }
    return out;
}

}  // namespace

HealthCheck always_healthy(std::string name) {
    return {std::move(name), [] { return std::nullopt; }, {}};
}

HealthEndpoint::HealthEndpoint(std::string name, std::vector<HealthCheck> checks)
    : name_{std::move(name)}, checks_{std::move(checks)} {}

std::vector<std::string> HealthEndpoint::paths() const {
    std::vector<std::string> paths{"/" + name_};
    for (const HealthCheck& check : checks_) paths.push_back("/" + name_ + "/" + check.name);
    return paths;
}

std::optional<net::Response> HealthEndpoint::respond(std::string_view path, const Query& query) const {
    const std::string root = "/" + name_;
    if (path == root) return all(query);
    for (const HealthCheck& check : checks_)
        if (path == root + "/" + check.name) return one(check);
    return std::nullopt;
}

net::Response HealthEndpoint::all(const Query& query) const {
    const auto excluded_values = query.all("exclude");
    std::set<std::string_view> excluded{excluded_values.begin(), excluded_values.end()};
    const bool verbose = query.contains("verbose");
    std::string report;
    std::string failed;
    for (const HealthCheck& check : checks_) {
        if (excluded.erase(check.name) > 0) {
            report.append("[+]" + check.name + " excluded: ok\n");
            continue;
        }
        const std::optional<std::string> failure = check.failure();
        // The reason is for those who may read the log or get the single check: this page is public.
        report.append(failure ? "[-]" + check.name + " failed: reason withheld\n"
                              : "[+]" + check.name + " ok\n");
        const std::string cause = verbose ? cause_of(check, HealthCheck::Reader::anybody) : std::string{};
        if (!cause.empty()) report.append("    cause: " + cause + "\n");
        if (!failure) continue;
        if (!failed.empty()) failed.append(",");
        failed.append(check.name + " (" + *failure + ")");
    }
    if (!excluded.empty()) {
        report.append("warn: some health checks cannot be excluded: no matches for ");
        report.append(quoted_list(excluded)).append("\n");
    }
    if (!failed.empty()) {
        if (telemetry::verbose(2))
            telemetry::paced_info("Health check failed", {{"endpoint", name_}, {"checks", failed}});
        return answer_plain(500, report + name_ + " check failed\n");
    }
    net::Response response = answer_plain(200, "ok");
    if (verbose) response.body = report + name_ + " check passed\n";
    return response;
}

}  // namespace apiserver
