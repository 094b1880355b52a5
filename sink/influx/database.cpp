// SPDX-License-Identifier: Apache-2.0
#include "sink/influx/database.hpp"

#include "sink/http/retry_after.hpp"
#include "telemetry/log.hpp"
#include "text/go_time.hpp"
#include "text/percent.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sink::influx {
namespace {

using nlohmann::json;

std::string duration_text(std::chrono::seconds duration) {
    const auto seconds = duration.count();
    if (seconds == 0) return "INF";
    if (seconds % 86400 == 0) return fmt::format("{}d", seconds / 86400);
    if (seconds % 3600 == 0) return fmt::format("{}h", seconds / 3600);
    return fmt::format("{}s", seconds);
}

// What the one statement gave. null: that is no answer of InfluxDB.
json result_of(std::string_view body) {
    const json answer = json::parse(body, nullptr, false);
    if (!answer.is_object()) return nullptr;
    const auto results = answer.find("results");
    if (results == answer.end() || !results->is_array() || results->empty()) return nullptr;
    return results->front().is_object() ? results->front() : json{};
}

std::string text_of(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

// Of the first series; null: there is none.
json series_of(const json& result) {
    const auto series = result.find("series");
    if (series == result.end() || !series->is_array() || series->empty()) return nullptr;
    return series->front().is_object() ? series->front() : json{};
}

// VictoriaMetrics answers each question with a list of databases, of which it has none.
bool has_no_databases(const json& result) {
    const json series = series_of(result);
    return series.is_object() && text_of(series, "name") == "databases";
}

struct Policy {
    std::string duration;
    bool is_default = false;
};

// nullopt: it is not among them.
std::optional<Policy> policy_of(const json& result, const std::string& name) {
    const json series = series_of(result);
    if (!series.is_object() || !series.contains("columns") || !series.contains("values")) return std::nullopt;
    const json& columns = series["columns"];
    const json& rows = series["values"];
    if (!columns.is_array() || !rows.is_array()) return std::nullopt;
    for (const json& row : rows) {
        if (!row.is_array() || row.size() != columns.size()) continue;
        Policy policy;
        bool found = false;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (columns[i] == "name") found = row[i] == name;
            if (columns[i] == "duration" && row[i].is_string()) policy.duration = row[i];
            if (columns[i] == "default") policy.is_default = row[i] == true;
        }
        if (found) return policy;
    }
    return std::nullopt;
}

}  // namespace

std::string quoted_name(std::string_view name) {
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '\n') {
            quoted.append("\\n");
            continue;
        }
        if (c == '"' || c == '\\') quoted.push_back('\\');
        quoted.push_back(c);
    }
    return quoted + '"';
}

Preparation::Preparation(DatabaseOptions options, std::string path)
    : options_{std::move(options)}, path_{std::move(path)} {}

std::string Preparation::question() const {
    const std::string database = quoted_name(options_.database);
    const std::string policy = quoted_name(options_.retention_policy);
    const std::string duration = duration_text(options_.retention.value_or(std::chrono::seconds{0}));
    switch (step_) {
        case Step::create:
            if (!options_.retention) return "CREATE DATABASE " + database;
            return fmt::format("CREATE DATABASE {} WITH DURATION {} REPLICATION 1 NAME {}", database,
                               duration, policy);
        case Step::alter:
            return fmt::format("ALTER RETENTION POLICY {} ON {} DURATION {} DEFAULT", policy, database,
                               duration);
        case Step::create_policy:
            return fmt::format("CREATE RETENTION POLICY {} ON {} DURATION {} REPLICATION 1 DEFAULT", policy,
                               database, duration);
        case Step::show:
            break;
    }
    return fmt::format("SHOW RETENTION POLICIES ON {}", database);
}

net::Request Preparation::ask(Step step) {
    step_ = step;
    net::Request request;
    request.method = "POST";
    request.target = path_ + "/query";
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    request.body = "q=" + text::percent_encoded(question());
    return request;
}

std::optional<net::Request> Preparation::next(const Answer* last, std::string& problem) {
    problem.clear();
    if (last == nullptr) return ask(Step::create);
    const json result = last->status == 200 ? result_of(last->body) : json{};
    if (!result.is_object()) {
        problem = fmt::format("{} was answered {}: {}", question(), last->status, said_in(last->body));
        return std::nullopt;
    }
    if (has_no_databases(result)) {
        if (!std::exchange(told_, true))
            telemetry::info("The receiver of a sink has no databases: retention is its own affair",
                            {{"database", options_.database}});
        return std::nullopt;
    }
    const std::string error = text_of(result, "error");
    if (step_ == Step::show && error.empty()) {
        problem = fault_of(last->body);
        return std::nullopt;
    }
    if (error.empty() && !options_.retention) return std::nullopt;
    if (error.empty()) return ask(Step::show);
    if (step_ == Step::create && error.find("conflicts with an existing policy") != error.npos)
        return ask(Step::alter);
    if (step_ == Step::alter && error.find("retention policy not found") != error.npos)
        return ask(Step::create_policy);
    problem = fmt::format("{}: {}", question(), said_in(error));
    return std::nullopt;
}

std::string Preparation::fault_of(std::string_view shown) const {
    const auto policy = policy_of(result_of(shown), options_.retention_policy);
    const std::string which =
        fmt::format("retention policy {} of database {}", quoted_name(options_.retention_policy),
                    quoted_name(options_.database));
    if (!policy) return which + " is not there, though it was made";
    const auto duration = text::parse_duration(policy->duration);
    if (!duration || *duration != *options_.retention)
        return fmt::format("{} keeps {}, not {}", which, said_in(policy->duration),
                           duration_text(*options_.retention));
    if (!policy->is_default) return which + " is not the default";
    return {};
}

}  // namespace sink::influx
