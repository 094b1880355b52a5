// SPDX-License-Identifier: Apache-2.0
// Keeps an observer's picture of a collection equal to the API server's: list, then watch, for ever.
//
// As client-go tools/cache/reflector.go: list from resourceVersion 0 (the API server's cache), following
// `continue`; watch from the list's version with bookmarks; on 410 Gone list anew; on any failure wait (0.8 s
// doubling to 30 s, with jitter, reset by two minutes of health) and go on from the last version. Lists are
// decoded as they arrive: memory in flight is one object, not the list.
#pragma once

#include "kube/config/config.hpp"
#include "kube/objects.hpp"
#include "net/backoff.hpp"
#include "net/stages.hpp"
#include "net/task.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace kube {

struct FullNode;
struct FullPod;

template <class Object>
class Observer {
  public:
    virtual ~Observer() = default;
    // A whole list follows: put() for each of its objects, then end_list(), after which anything not put is
    // gone. When the list fails half-way, begin_list() comes again without end_list().
    virtual void begin_list() = 0;
    virtual void end_list() = 0;
    // Added or changed.
    virtual void put(const Object& object) = 0;
    virtual void removed(const Object& object) = 0;
};

class Reflector {
  public:
    virtual ~Reflector() = default;
    // Until cancelled.
    virtual net::Task<> run() = 0;
    // A whole list has been taken over at least once.
    virtual bool synced() const = 0;
    // For logs and health: the last failure, empty when the last exchange was good.
    virtual std::string last_error() const = 0;
};

struct ReflectorOptions {
    net::BackoffOptions backoff;
    // How long the server is to keep a watch: between these, at random, so that watches do not end together.
    std::chrono::seconds shortest_watch{300};
    std::chrono::seconds longest_watch{600};
    // A watch that the server has not ended this long after it should have is dead.
    std::chrono::milliseconds watch_grace{30'000};
    // A watch that the server ends sooner than this has failed.
    std::chrono::milliseconds too_short{1'000};
    // For one page of a list: all of it.
    std::chrono::milliseconds list_timeout{300'000};
    // Limits for lists and watches; zero: as in kube::Client.
    net::StageLimits stages;
    // Bookmarks come every minute: a watch without one for this long leads nowhere any more, or belongs to a
    // server that sends none. Either way it is opened anew from where it was.
    std::chrono::milliseconds watch_silence{100'000};
    // Of pods: see ScrapeAnnotations::prefix.
    std::string scrape_annotations;
};

// label_selector: as --node-selector, empty for all. The observer must outlive the reflector.
std::unique_ptr<Reflector> watch_nodes(net::Executor executor, const Config& config,
                                       std::string label_selector, Observer<Node>& observer,
                                       const ReflectorOptions& options = {});
// Running pods, metadata only (as PartialObjectMetadata, fieldSelector=status.phase=Running).
std::unique_ptr<Reflector> watch_pods(net::Executor executor, const Config& config, Observer<Pod>& observer,
                                      const ReflectorOptions& options = {});

// The same, whole, as far as full_objects.hpp has it.
std::unique_ptr<Reflector> watch_full_nodes(net::Executor executor, const Config& config,
                                            std::string label_selector, Observer<FullNode>& observer,
                                            const ReflectorOptions& options = {});
std::unique_ptr<Reflector> watch_full_pods(net::Executor executor, const Config& config,
                                           Observer<FullPod>& observer, const ReflectorOptions& options = {});

// One ConfigMap. A list without it means that there is none.
std::unique_ptr<Reflector> watch_config_map(net::Executor executor, const Config& config,
                                            const std::string& name_space, const std::string& name,
                                            Observer<ConfigMap>& observer,
                                            const ReflectorOptions& options = {});

}  // namespace kube
