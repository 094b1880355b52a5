// SPDX-License-Identifier: Apache-2.0
#include "kube/failure.hpp"

#include "kube/wire/decode.hpp"
#include "kube/wire/encoding.hpp"
#include "net/stages.hpp"

#include <algorithm>
#include <ostream>

#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>
#include <nlohmann/json.hpp>

namespace kube {
namespace {

constexpr std::size_t kLongestMessage = 512;
constexpr int kNotAcceptable = 406;

class Category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "kube"; }

    std::string message(int value) const override {
        switch (static_cast<Errc>(value)) {
            case Errc::refused:
                return "the API server refused the request";
            case Errc::watch_error:
                return "the API server ended the watch with an error";
            case Errc::other_encoding:
                return "the API server answered in neither protobuf nor JSON; is this a kube-apiserver?";
            case Errc::malformed:
                return "the API server's answer is not the object or list that was asked for";
            case Errc::item_too_large:
                return "an object in the API server's answer is too large";
            case Errc::cut_short:
                return "the API server's answer ended in the middle";
            case Errc::no_version:
                return "the API server's list has no resourceVersion";
            case Errc::too_many_pages:
                return "the API server's list does not end";
            case Errc::watch_too_short:
                return "the API server ended the watch as soon as it had begun";
        }
        return "unknown error";
    }
};

// One line, bounded: it goes to the log.
std::string tidy(std::string_view text) {
    std::string line{text.substr(0, kLongestMessage)};
    std::replace_if(
        line.begin(), line.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
    const auto end = line.find_last_not_of(' ');
    line.erase(end == std::string::npos ? 0 : end + 1);
    return line;
}

std::string message_of_json(std::string_view body) {
    const auto status = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
    if (!status.is_object()) return {};
    const auto message = status.find("message");
    if (message == status.end() || !message->is_string()) return {};
    return message->get<std::string>();
}

std::string message_of_protobuf(std::string_view body) {
    const auto envelope = open_envelope(body);
    if (!envelope || envelope->type.kind != "Status") return {};
    auto status = decode_status(envelope->raw);
    if (!status) return {};
    return std::move(status->message);
}

}  // namespace

net::Error make_error_code(Errc e) {
    static const Category category;
    return {static_cast<int>(e), category};
}

Failure::Failure(net::Error error, int status, std::string said)
    : code{error}, http_status{status}, message{std::move(said)} {}
Failure::Failure(const Failure&) = default;
Failure::Failure(Failure&&) noexcept = default;
Failure& Failure::operator=(const Failure&) = default;
Failure& Failure::operator=(Failure&&) noexcept = default;
Failure::~Failure() = default;

std::string Failure::text() const {
    if (http_status == 0 && (message.empty() || code != Errc::watch_error))
        return message.empty() ? code.message() : message;
    std::string text;
    if (code == Errc::watch_error)
        text = "the API server ended the watch with " + std::to_string(http_status);
    else
        text = "the API server answered " + std::to_string(http_status);
    if (code == Errc::refused && http_status == kNotAcceptable)
        text += " (it speaks neither protobuf nor JSON, which is all that topd reads)";
    if (!message.empty()) text += ": " + message;
    return text;
}

std::string_view Failure::hint() const {
    if (http_status != 0) return {};
    if (code == net::TimedOut::look_up || code.category() == net::look_up_category())
        return "the name server does not answer topd: check the cluster's DNS and the pod's dnsPolicy, or "
               "name "
               "the API server by its address";
    if (code == net::TimedOut::connect)
        return "nothing answers at the API server's address: check it, network policies, firewalls and, in a "
               "pod, kube-proxy";
    if (code == net::TimedOut::handshake || code.category() == net::silence_category())
        return "the address is reached and then nothing comes: look for packets that are too large for the "
               "way "
               "(the network's MTU) or a load balancer without a living API server behind it";
    if (code == net::TimedOut::answer || code == net::TimedOut::end)
        return "the API server is reached and does not answer in time: look at its load and its log, and at "
               "what stands between";
    return {};
}

void throw_exception_from_error(const Failure& failure, const boost::source_location& where) {
    boost::throw_with_location(boost::system::system_error{failure.code, failure.text()}, where);
}

std::ostream& operator<<(std::ostream& out, const Failure& failure) {
    return out << failure.text();
}

Failure failure_from_answer(int http_status, std::string_view content_type, std::string_view body) {
    Failure failure{Errc::refused, http_status};
    const auto encoding = encoding_of(content_type);
    if (encoding == Encoding::protobuf)
        failure.message = tidy(message_of_protobuf(body));
    else if (encoding == Encoding::json)
        failure.message = tidy(message_of_json(body));
    if (failure.message.empty() && encoding != Encoding::protobuf) failure.message = tidy(body);
    return failure;
}

}  // namespace kube
