// SPDX-License-Identifier: Apache-2.0
#include "topd/top/top.hpp"

#include "net/task_group.hpp"
#include "net/tls/openssl_fault.hpp"
#include "topd/top/client/place.hpp"
#include "topd/top/client/reader.hpp"
#include "topd/top/options.hpp"
#include "topd/top/show/terminal.hpp"
#include "topd/top/watch.hpp"

#include <csignal>
#include <cstdio>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <unistd.h>

namespace topd::top {
namespace {

constexpr int kUsage = 2;
constexpr int kSignalled = 128;

Viewer viewer_of_process() {
    Viewer viewer;
    viewer.show = [](const std::string& text) {
        const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
        return std::fflush(stdout) == 0 && written;
    };
    viewer.complain = [](const std::string& text) { std::fputs(text.c_str(), stderr); };
    if (is_terminal(STDOUT_FILENO)) viewer.size = [] { return size_of(STDOUT_FILENO); };
    viewer.marks = marks_of_environment();
    return viewer;
}

net::Task<> work(Reader& reader, const Options& options, const Place& place, const Viewer& viewer,
                 int& status) {
    if (options.watch)
        status = co_await watch(reader, options, place, viewer);
    else
        status = co_await show_once(reader, options, place, viewer);
}

net::Task<> until_done(net::TaskGroup& group, boost::asio::signal_set& signals) {
    co_await group.wait();
    signals.cancel();
}

int ask_and_show(const Options& options, const Place& place) {
    boost::asio::io_context loop{1};
    Reader reader{loop.get_executor(), place};
    const Viewer viewer = viewer_of_process();
    int status = 1;
    boost::asio::signal_set signals{loop, SIGINT, SIGTERM};
    net::TaskGroup group{loop.get_executor()};
    signals.async_wait([&](const boost::system::error_code& cancelled, int signal) {
        if (cancelled) return;
        status = options.watch && signal == SIGINT ? 0 : kSignalled + signal;
        group.cancel();
        // Behind the ^C that the terminal shows.
        if (options.watch && viewer.size) viewer.show("\n");
    });
    group.spawn(work(reader, options, place, viewer, status), "top");
    boost::asio::co_spawn(loop, until_done(group, signals), boost::asio::detached);
    loop.run();
    return status;
}

// What its proxy reads the kubeconfig for.
std::string way_by_kubectl(const Access& access) {
    return fmt::format(
        "What kubectl can read and topd cannot (a credential plugin, say): run kubectl proxy, and add\n"
        "  --url http://127.0.0.1:8001/api/v1/namespaces/{}/services/{}/proxy",
        access.service_namespace, access.service_name);
}

}  // namespace

bool is_plugin(std::string_view called) {
    return called.substr(called.rfind('/') + 1) == "kubectl-history";
}

int run(const std::vector<std::string>& arguments, const std::string& program) {
    Options options;
    try {
        options = parse_options(arguments);
    } catch (const UsageError& error) {
        std::fputs(fmt::format("topd: {}\n{} --help tells the options.\n", error.what(), program).c_str(),
                   stderr);
        return kUsage;
    }
    if (options.help) return std::fputs(help_text(program).c_str(), stdout) < 0;
    if (const std::string fault = net::openssl_fault(); !fault.empty()) throw std::runtime_error{fault};
    // A peer that closes while we write is an error of that write.
    std::signal(SIGPIPE, SIG_IGN);
    Place place;
    try {
        place = find_place(options.access);
    } catch (const kube::ConfigError& error) {
        std::fputs(fmt::format("topd: {}\n{}\n", error.what(), way_by_kubectl(options.access)).c_str(),
                   stderr);
        return 1;
    }
    return ask_and_show(options, place);
}

}  // namespace topd::top
