// SPDX-License-Identifier: Apache-2.0
#include "topd/sinks.hpp"

#include "files/checked.hpp"
#include "query/source/labels.hpp"
#include "sink/address.hpp"
#include "sink/http/http_receiver.hpp"
#include "sink/influx/format.hpp"
#include "sink/influx/influx.hpp"
#include "sink/memory_queue.hpp"
#include "sink/remote_write/format.hpp"
#include "sink/remote_write/remote_write.hpp"
#include "sink/spool/spool_queue.hpp"
#include "sink/stdout/json_format.hpp"
#include "sink/stdout/stdout_receiver.hpp"
#include "topd/flags/flag_values.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

namespace topd {
namespace {

using sink::Address;
using sink::AddressError;
using sink::SinkParts;

struct Surroundings {
    const net::Executor& executor;
    const storage::history::History& history;
    const series::Extras& extras;
};

void need_url(const Address& address) {
    if (address.host.empty())
        throw AddressError{"it needs a URL, as in " + address.key + ":http://HOST:PORT"};
}

// Label names are Prometheus' ([a-zA-Z_][a-zA-Z0-9_]*).
std::pair<std::string, std::string> label_of(const std::string& text) {
    const auto colon = text.find(':');
    std::string name = text.substr(0, colon);
    if (colon == std::string::npos || !query::is_label_name(name) || name.starts_with("__"))
        throw AddressError{"option label must be name:value"};
    return {std::move(name), text.substr(colon + 1)};
}

void make_remote_write(Address& address, const Surroundings& around, SinkParts& parts) {
    need_url(address);
    sink::remote_write::FormatOptions format{around.extras, {}};
    for (const std::string& text : address.options.take_all("label"))
        format.external_labels.push_back(label_of(text));
    auto protocol =
        std::make_unique<sink::remote_write::RemoteWrite>(address.path.empty() ? "/" : address.path);
    parts.format = sink::remote_write::make_format(std::move(format));
    parts.receiver = std::make_unique<sink::HttpReceiver>(
        around.executor, address, sink::HttpOptions::take(address.options), std::move(protocol));
}

void make_influxdb(Address& address, const Surroundings& around, SinkParts& parts) {
    need_url(address);
    sink::Options& options = address.options;
    sink::influx::FormatOptions format;
    format.extras = around.extras;
    format.cluster_name = options.take("cluster_name", format.cluster_name);
    const bool with_fields = options.take_bool("withfields", true);
    format.schema = with_fields ? sink::influx::Schema::fields : sink::influx::Schema::measurements;
    format.disable_counter_metrics = options.take_bool("disable_counter_metrics", false);

    sink::influx::ProtocolOptions protocol;
    protocol.path = address.path == "/" ? "" : address.path;
    protocol.org = options.take("org");
    protocol.bucket = options.take("bucket");
    if (!protocol.org.empty() && protocol.bucket.empty()) throw AddressError{"option org needs bucket"};
    if (!protocol.bucket.empty()) {
        protocol.version = sink::influx::Version::v2;
    } else {
        protocol.database.database = options.take("db", protocol.database.database);
        // What is not asked for is not changed.
        protocol.database.retention.reset();
        if (options.has("retention"))
            protocol.database.retention = options.take_seconds("retention", std::chrono::seconds{0});
        protocol.create = options.take_bool("create", true);
    }
    sink::HttpOptions http = sink::HttpOptions::take(options);
    if (protocol.version == sink::influx::Version::v2) http.token_scheme = "Token";
    parts.format = sink::influx::make_format(std::move(format));
    parts.receiver =
        std::make_unique<sink::HttpReceiver>(around.executor, address, std::move(http),
                                             std::make_unique<sink::influx::Influx>(std::move(protocol)));
}

void make_stdout(Address& address, const Surroundings&, SinkParts& parts) {
    if (!address.host.empty()) throw AddressError{"stdout has no URL"};
    parts.format = sink::make_json_format();
    parts.receiver = std::make_unique<sink::StdoutReceiver>(STDOUT_FILENO);
}

// A kind of sink: what it is called, and how one is made of its address. Another kind is another line.
struct Kind {
    std::string_view key;
    void (*make)(Address& address, const Surroundings& around, SinkParts& parts);
};
constexpr Kind kKinds[] = {
    {"influxdb", make_influxdb},
    {"remote-write", make_remote_write},
    {"stdout", make_stdout},
};

std::string names_of_kinds() {
    std::string names;
    for (const Kind& kind : kKinds) names.append(names.empty() ? "" : ", ").append(kind.key);
    return names;
}

// As it is allowed, whole ticks of history.
std::chrono::seconds interval_of(Address& address, std::chrono::seconds tick) {
    const std::chrono::seconds asked = address.options.take_seconds("interval", std::chrono::seconds{60});
    if (asked < std::chrono::seconds{1} || asked > std::chrono::hours{1})
        throw AddressError{"option interval must be between 1s and 1h"};
    return (asked + tick - std::chrono::seconds{1}) / tick * tick;
}

sink::Seconds now() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::floor<std::chrono::seconds>(since).count();
}

SinkParts make_parts(const std::string& text, const Surroundings& around) {
    Address address = sink::parse_address(text);
    const auto* const kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                          [&](const Kind& each) { return each.key == address.key; });
    if (kind == std::end(kKinds))
        throw AddressError{
            fmt::format("there is no sink of the kind {}: there are {}", address.key, names_of_kinds())};
    SinkParts parts;
    parts.name = address.shown;
    parts.interval = interval_of(address, around.history.options().resolution);
    kind->make(address, around, parts);
    address.options.expect_none();
    return parts;
}

// A folder for each sink, by a name that stays when others come and go.
sink::spool::SpoolOptions spool_options(const Flags& flags, const std::string& name, std::size_t held) {
    std::string folder;
    for (const char c : name) {
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
        folder.push_back(plain ? c : '_');
    }
    constexpr std::size_t kLongest = 80;
    sink::spool::SpoolOptions options;
    options.folder =
        fmt::format("{}/{}-{:08x}", flags.sink_spool_dir, folder.substr(0, kLongest), files::checksum(name));
    options.most_bytes = parse_bytes(flags.sink_spool_bytes);
    options.most_held_bytes = held;
    return options;
}

}  // namespace

Sinks::Sinks(const net::Executor& executor, const Flags& flags, storage::history::History& history,
             const series::Extras& extras, std::size_t bytes, const sink::KnowsNode& knows_node)
    : history_{history} {
    const Surroundings around{executor, history, extras};
    for (const std::string& text : flags.sink) {
        try {
            SinkParts parts = make_parts(text, around);
            parts.knows_node = knows_node;
            const std::size_t share = bytes / flags.sink.size();
            parts.queue_is_kept = !flags.sink_spool_dir.empty();
            if (parts.queue_is_kept)
                parts.queue =
                    std::make_unique<sink::spool::SpoolQueue>(spool_options(flags, parts.name, share));
            else
                parts.queue = std::make_unique<sink::MemoryQueue>(share);
            for (const auto& other : sinks_)
                if (other->name() == parts.name) throw AddressError{"it is there twice"};
            sinks_.push_back(std::make_unique<sink::Sink>(std::move(parts), history, extras.stats));
        } catch (const AddressError& error) {
            // Never the text: it may hold what is secret.
            const auto number = sinks_.size() + 1;
            throw std::runtime_error{
                fmt::format("--sink, the {} of {}: {}", number, flags.sink.size(), error.what())};
        }
    }
}

void Sinks::start(net::TaskGroup& group) {
    // Receivers may have seen ticks that history has not.
    if (!ended_well_) history_.end_lives();
    for (const auto& each : sinks_) each->start(group);
}

void Sinks::tick_ended() {
    for (const auto& each : sinks_) each->tick_ended();
}

std::vector<sink::Report> Sinks::reports() const {
    std::vector<sink::Report> all;
    for (const auto& each : sinks_) all.push_back(each->report(now()));
    return all;
}

std::vector<apiserver::SinkState> Sinks::states() const {
    std::vector<apiserver::SinkState> all;
    for (const sink::Report& each : reports()) {
        apiserver::SinkState& state = all.emplace_back();
        state.name = each.name;
        state.told = each.progress.told;
        state.oldest = each.waiting.oldest;
        state.lag = each.lag;
        state.sent = each.progress.sent;
        state.waiting = each.waiting.points;
        state.dropped = each.waiting.dropped;
        state.lost_ticks = each.progress.lost_ticks;
        for (const auto& [reason, count] : each.progress.retries) state.retries += count;
        state.refused.assign(each.progress.refused.begin(), each.progress.refused.end());
        state.trouble = each.progress.trouble;
    }
    return all;
}

std::string Sinks::places(bool ending) const {
    nlohmann::json places = nlohmann::json::object();
    for (const auto& each : sinks_) places[each->name()] = each->place();
    return nlohmann::json{{"ending", ending}, {"places", places}}.dump();
}

void Sinks::resume(std::string_view places) {
    const auto read = nlohmann::json::parse(places, nullptr, false);
    if (!read.is_object()) return;
    ended_well_ = read.value("ending", nlohmann::json{}) == true;
    const auto all = read.find("places");
    if (all == read.end() || !all->is_object()) return;
    for (const auto& each : sinks_) {
        const auto place = all->find(each->name());
        const bool is_place = place != all->end() && place->is_number_integer();
        if (is_place && place->get<sink::Seconds>() <= now()) each->resume(place->get<sink::Seconds>());
    }
}

}  // namespace topd
