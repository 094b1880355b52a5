// SPDX-License-Identifier: Apache-2.0
#include "query/source/labels.hpp"

#include "text/go_text.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace query {

void Labels::append(std::string_view name, std::string_view value) {
    assert(empty() || (*this)[size() - 1].name < name);
    if (value.empty()) return;
    Ends ends;
    text_ += name;
    ends.name = static_cast<std::uint32_t>(text_.size());
    text_ += value;
    ends.value = static_cast<std::uint32_t>(text_.size());
    ends_.push_back(ends);
}

Labels Labels::of(std::vector<Label> labels) {
    std::stable_sort(labels.begin(), labels.end(),
                     [](const Label& a, const Label& b) { return a.name < b.name; });
    Labels out;
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (i + 1 == labels.size() || labels[i + 1].name != labels[i].name)
            out.append(labels[i].name, labels[i].value);
    return out;
}

Label Labels::operator[](std::size_t at) const {
    const std::uint32_t begin = at == 0 ? 0 : ends_[at - 1].value;
    const std::string_view all = text_;
    return {all.substr(begin, ends_[at].name - begin),
            all.substr(ends_[at].name, ends_[at].value - ends_[at].name)};
}

std::string_view Labels::get(std::string_view name) const {
    for (std::size_t i = 0; i < size(); ++i) {
        const Label label = (*this)[i];
        if (label.name == name) return label.value;
        if (label.name > name) break;
    }
    return {};
}

void Labels::set(std::string_view name, std::string_view value) {
    Labels out;
    std::size_t i = 0;
    for (; i < size() && (*this)[i].name < name; ++i) out.append((*this)[i].name, (*this)[i].value);
    out.append(name, value);
    if (i < size() && (*this)[i].name == name) ++i;
    for (; i < size(); ++i) out.append((*this)[i].name, (*this)[i].value);
    *this = std::move(out);
}

void Labels::filter(const std::vector<std::string>& names, bool keep, Labels& out) const {
    out.clear();
    for (std::size_t i = 0; i < size(); ++i) {
        const Label label = (*this)[i];
        if (std::binary_search(names.begin(), names.end(), label.name, std::less<>{}) == keep)
            out.append(label.name, label.value);
    }
}

std::strong_ordering Labels::operator<=>(const Labels& other) const {
    const std::size_t both = std::min(size(), other.size());
    for (std::size_t i = 0; i < both; ++i) {
        const Label mine = (*this)[i];
        const Label theirs = other[i];
        if (const auto by_name = mine.name <=> theirs.name; by_name != 0) return by_name;
        if (const auto by_value = mine.value <=> theirs.value; by_value != 0) return by_value;
    }
    return size() <=> other.size();
}

std::size_t Labels::hash() const {
    // Where names and values end is told by the text almost always; equality looks at both.
    return std::hash<std::string_view>{}(text_);
}

std::string Labels::text() const {
    std::string out = "{";
    for (std::size_t i = 0; i < size(); ++i) {
        if (i > 0) out += ", ";
        out.append((*this)[i].name).append("=").append(text::quoted((*this)[i].value));
    }
    return out + '}';
}

bool is_label_name(std::string_view name) {
    return !name.empty() && is_name_start(name[0]) && std::all_of(name.begin(), name.end(), is_name_char);
}

}  // namespace query
