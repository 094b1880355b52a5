// SPDX-License-Identifier: Apache-2.0
// The floor under the cost of a scrape: a bare loop on OpenSSL and epoll that keeps one TLS connection a node
// of topd-sim, asks each for its page once in a resolution interval, and throws the bytes away. What a
// scraper spends above it is its own.
//
// Fair to what topd does: the same TLS settings (net/tls/tls.cpp), one kept connection a node, requests
// grouped alike, no compression unless asked for. Reads go into one shared buffer, and nothing is looked at
// but the last bytes. Measured after a first round, on which connections warm up. Prints one line of JSON.
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::duration;
using std::chrono::nanoseconds;

constexpr std::size_t kReadBuffer = 64 * 1024;
constexpr std::size_t kCipherBuffer = 64 * 1024;
constexpr std::uint32_t kFirstNode = (127U << 24) | (16U << 16) | 1U;
constexpr std::string_view kEnd = "\r\n0\r\n\r\n";

struct Options {
    std::uint32_t nodes = 0;
    std::uint16_t port = 0;
    std::string token_file;
    double resolution = 15;
    int group_ms = 250;
    int cycles = 3;
    bool gzip = false;
    bool plain_reads = false;
};

struct Node {
    int socket = -1;
    SSL* tls = nullptr;
    // The last bytes that came, for the end of a chunked body.
    std::array<char, 8> tail{};
    bool waiting = false;
};

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error{what + ": " + std::strerror(errno)};
}

double own_cpu_seconds() {
    std::ifstream stat{"/proc/self/schedstat"};
    std::uint64_t run = 0;
    stat >> run;
    return static_cast<double>(run) / 1e9;
}

long rss_kib() {
    std::ifstream statm{"/proc/self/statm"};
    long total = 0, resident = 0;
    statm >> total >> resident;
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

class Floor {
  public:
    explicit Floor(const Options& options);
    void connect_all();
    void run();

  private:
    void connect(Node& node, std::uint32_t index);
    void send_due(Clock::time_point now);
    void send(Node& node);
    void read(Node& node);
    void wait(Clock::time_point until);
    void round(int number, Clock::time_point begin);
    void drain();

    Options options_;
    std::string request_;
    SSL_CTX* context_ = SSL_CTX_new(TLS_client_method());
    int epoll_ = epoll_create1(EPOLL_CLOEXEC);
    std::vector<Node> nodes_;
    // One for all connections.
    std::vector<char> buffer_ = std::vector<char>(kReadBuffer);
    long rss_before_ = 0;
    std::uint64_t pages_ = 0, bytes_ = 0, skipped_ = 0;
    nanoseconds worst_delay_{0};
};

Floor::Floor(const Options& options) : options_{options}, nodes_(options.nodes) {
    std::ifstream file{options.token_file};
    std::string token;
    if (!(file >> token)) throw std::runtime_error{"no token in " + options.token_file};
    request_ =
        "GET /metrics/resource HTTP/1.1\r\nHost: kubelet\r\nUser-Agent: floor\r\nAuthorization: Bearer " +
        token + (options.gzip ? "\r\nAccept-Encoding: gzip" : "") + "\r\n\r\n";
    SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
    SSL_CTX_set_mode(context_, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(context_, SSL_VERIFY_NONE, nullptr);
    // One system call for all that has come, not two a record.
    SSL_CTX_set_read_ahead(context_, options.plain_reads ? 0 : 1);
    if (!options.plain_reads) SSL_CTX_set_default_read_buffer_len(context_, kCipherBuffer);
}

void Floor::connect(Node& node, std::uint32_t index) {
    node.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (node.socket < 0) fail("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options_.port);
    address.sin_addr.s_addr = htonl(kFirstNode + index);
    if (::connect(node.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        fail("connect");
    const int yes = 1;
    setsockopt(node.socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    node.tls = SSL_new(context_);
    SSL_set_fd(node.tls, node.socket);
    if (SSL_connect(node.tls) != 1) throw std::runtime_error{"the handshake failed"};
    fcntl(node.socket, F_SETFL, O_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.u32 = index;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, node.socket, &event) != 0) fail("epoll_ctl");
}

void Floor::connect_all() {
    rss_before_ = rss_kib();
    for (std::uint32_t i = 0; i < options_.nodes; ++i) connect(nodes_[i], i);
}

void Floor::send(Node& node) {
    if (node.waiting) {
        ++skipped_;
        return;
    }
    ERR_clear_error();
    if (SSL_write(node.tls, request_.data(), static_cast<int>(request_.size())) <= 0)
        throw std::runtime_error{"a request was not taken"};
    node.waiting = true;
    node.tail = {};
}

void Floor::read(Node& node) {
    while (node.waiting) {
        ERR_clear_error();
        std::size_t got = 0;
        const int result = SSL_read_ex(node.tls, buffer_.data(), buffer_.size(), &got);
        if (result != 1) {
            if (SSL_get_error(node.tls, result) == SSL_ERROR_WANT_READ) return;
            throw std::runtime_error{"a connection ended"};
        }
        bytes_ += got;
        const std::size_t keep = std::min(got, kEnd.size());
        std::memmove(node.tail.data(), node.tail.data() + keep, kEnd.size() - keep);
        std::memcpy(node.tail.data() + kEnd.size() - keep, buffer_.data() + got - keep, keep);
        // The page has come whole: a further read would only say that there is no more.
        if (std::string_view{node.tail.data(), kEnd.size()} == kEnd) {
            node.waiting = false;
            ++pages_;
        }
    }
}

void Floor::wait(Clock::time_point until) {
    std::array<epoll_event, 256> events;
    const auto left = std::max<nanoseconds>(until - Clock::now(), nanoseconds{0});
    const timespec limit{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    const int count = epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &limit, nullptr);
    if (count < 0 && errno != EINTR) fail("epoll_pwait2");
    for (int i = 0; i < count; ++i) read(nodes_[events[static_cast<std::size_t>(i)].data.u32]);
}

// All nodes once: those of a group together, the groups evenly over the round.
void Floor::round(int number, Clock::time_point begin) {
    const auto resolution = std::chrono::duration_cast<nanoseconds>(duration<double>{options_.resolution});
    const std::uint64_t groups =
        options_.group_ms == 0
            ? options_.nodes
            : std::max<std::uint64_t>(
                  1, static_cast<std::uint64_t>(options_.resolution * 1000 / options_.group_ms));
    for (std::uint64_t group = 0; group < groups; ++group) {
        const auto due = begin + resolution * number + resolution * group / groups;
        while (Clock::now() < due) wait(due);
        worst_delay_ = std::max<nanoseconds>(worst_delay_, Clock::now() - due);
        for (std::uint64_t i = group; i < options_.nodes; i += groups) send(nodes_[i]);
    }
}

// What was asked last may still be under way.
void Floor::drain() {
    const auto end = Clock::now() + std::chrono::seconds{1};
    const auto pending = [this] {
        return std::any_of(nodes_.begin(), nodes_.end(), [](const Node& node) { return node.waiting; });
    };
    while (pending() && Clock::now() < end) wait(end);
}

void Floor::run() {
    const auto begin = Clock::now();
    round(0, begin);
    drain();
    const std::uint64_t pages = pages_, bytes = bytes_;
    const double cpu = own_cpu_seconds();
    worst_delay_ = nanoseconds{0};
    for (int i = 1; i <= options_.cycles; ++i) round(i, begin);
    drain();
    const double spent = own_cpu_seconds() - cpu;
    const auto scrapes = static_cast<double>(std::max<std::uint64_t>(pages_ - pages, 1));
    std::printf(
        "{\"scrapes\": %.0f, \"cpu_us_per_scrape\": %.2f, \"kib_per_connection\": %.2f, "
        "\"bytes_per_scrape\": %.0f, "
        "\"skipped\": %llu, \"worst_delay_ms\": %.2f, \"tls\": \"%s %s\"}\n",
        scrapes, spent / scrapes * 1e6,
        static_cast<double>(rss_kib() - rss_before_) / static_cast<double>(options_.nodes),
        static_cast<double>(bytes_ - bytes) / scrapes, static_cast<unsigned long long>(skipped_),
        duration<double, std::milli>{worst_delay_}.count(), SSL_get_version(nodes_[0].tls),
        SSL_get_cipher_name(nodes_[0].tls));
}

void raise_descriptor_limit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"The least that scraping topd-sim's kubelets costs."};
    Options options;
    app.add_option("--nodes", options.nodes, "Nodes of topd-sim")->required()->check(CLI::Range(1, 19'000));
    app.add_option("--port", options.port, "Port of its kubelets")->required();
    app.add_option("--token-file", options.token_file, "Holds the bearer token")->required();
    app.add_option("--resolution", options.resolution, "Seconds between two requests to a node")
        ->capture_default_str();
    app.add_option("--group", options.group_ms,
                   "What falls due in so many milliseconds is sent together; 0: evenly")
        ->check(CLI::Range(0, 60'000))
        ->capture_default_str();
    app.add_option("--cycles", options.cycles, "Rounds that are measured")->check(CLI::Range(1, 1000));
    app.add_flag("--gzip", options.gzip, "Ask for gzip, and do not inflate it");
    app.add_flag("--plain-reads", options.plain_reads,
                 "Read each TLS record by itself, as OpenSSL does by default");
    CLI11_PARSE(app, argc, argv);
    try {
        raise_descriptor_limit();
        Floor floor{options};
        floor.connect_all();
        floor.run();
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "floor: %s\n", error.what());
        return 1;
    }
}
