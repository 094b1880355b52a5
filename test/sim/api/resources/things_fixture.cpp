// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/resources/things_fixture.hpp"

#include "test/sim/api/objects/protobuf.hpp"

#include <utility>

#include <nlohmann/json.hpp>

namespace sim {

Thing::Thing(std::string name_space, std::string name, std::string color) : color_{std::move(color)} {
    meta_.name_space = std::move(name_space);
    meta_.name = std::move(name);
    meta_.created = 1'795'408'000 * kSecond;
    meta_.labels = {{"color", color_}};
}

void Thing::write_json(nlohmann::ordered_json& to) const {
    to["color"] = color_;
}
void Thing::write_protobuf(std::string& to) const {
    protozero::pbf_writer writer{to};
    add_text(writer, 2, color_);
}
std::optional<std::string> Thing::own_field(std::string_view path) const {
    if (path == "color") return color_;
    return std::nullopt;
}

Things::Things() {
    for (const char* name : {"a", "b", "c"}) all.load(std::make_shared<Thing>("one", name, "red"));
    all.load(std::make_shared<Thing>("two", "a", "blue"));
}

std::string Things::read(net::BodySource& source, int pieces) {
    std::string text;
    net::Piece last = net::Piece::more;
    for (int i = 0; i < pieces && last == net::Piece::more; ++i) last = loop.run(source.next(text)).value();
    ended = last == net::Piece::last;
    return text;
}

Answer Things::get(const std::string& query, const std::string& accept, const std::string& name,
                   const std::string& name_space) {
    net::Response response = get_resource(all, {name_space, name, Query::parse(query), accept});
    Answer answer;
    answer.status = response.status;
    answer.headers = response.headers;
    answer.body = response.source ? read(*response.source) : response.body;
    return answer;
}

std::vector<std::string> Things::names(const Answer& answer) {
    std::vector<std::string> result;
    const auto list = nlohmann::json::parse(answer.body);
    for (const auto& item : list["items"])
        result.push_back(item["metadata"]["namespace"].get<std::string>() + "/" +
                         item["metadata"]["name"].get<std::string>());
    return result;
}

Things::~Things() = default;

}  // namespace sim
