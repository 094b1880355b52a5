// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/delegated_authorizer.hpp"

#include "apiserver/request/field_selector.hpp"
#include "apiserver/request/label_selector.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace apiserver {
namespace {

// Longer questions are not kept (pkg/util/webhook: 10000 bytes of attributes).
constexpr std::size_t kLongestKept = 10'000;

std::vector<kube::SelectorRequirement> label_terms(const std::string& text) {
    std::vector<kube::SelectorRequirement> terms;
    const auto selector = LabelSelector::parse(text);
    if (!selector) return terms;
    for (const LabelRequirement& requirement : selector->requirements())
        if (const auto op = word_of(requirement.op))
            terms.push_back({requirement.key, std::string{*op}, requirement.values});
    return terms;
}

std::vector<kube::SelectorRequirement> field_terms(const std::string& text) {
    std::vector<kube::SelectorRequirement> terms;
    const auto selector = FieldSelector::parse(text);
    if (!selector) return terms;
    for (const FieldSelector::Term& term : selector->terms())
        terms.push_back({term.field, term.equal ? "In" : "NotIn", {term.value}});
    return terms;
}

std::string_view without_slash(std::string_view path) {
    if (path.starts_with('/')) path.remove_prefix(1);
    return path;
}

// Lengths stand in front of what they count, so that no two questions have the same key.
void append_size(std::string& key, std::size_t size) {
    key.append(reinterpret_cast<const char*>(&size), sizeof size);
}

void append_field(std::string& key, std::string_view field) {
    append_size(key, field.size());
    key.append(field);
}

void append_list(std::string& key, const std::vector<std::string>& list) {
    append_size(key, list.size());
    for (const std::string& item : list) append_field(key, item);
}

// All that the review would be about. Finer than the review: selectors count as they came, so that a kept
// answer costs neither a parse nor a JSON text.
void write_key(std::string& key, const User& user, const RequestInfo& info) {
    key.clear();
    append_field(key, user.name);
    append_field(key, user.uid);
    append_list(key, user.groups);
    append_size(key, user.extra.size());
    for (const auto& [name, values] : user.extra) {
        append_field(key, name);
        append_list(key, values);
    }
    key.push_back(info.is_resource ? 'r' : 'p');
    append_field(key, info.verb);
    if (!info.is_resource) {
        append_field(key, info.path);
        return;
    }
    for (const std::string* field :
         {&info.name_space, &info.group, &info.version, &info.resource, &info.subresource, &info.name,
          &info.label_selector, &info.field_selector})
        append_field(key, *field);
}

}  // namespace

kube::Asker asker_of(const User& user) {
    kube::Asker asker;
    asker.proven = user.name != kAnonymous;
    asker.name = asker.proven || user.network.empty() ? user.name : user.network;
    return asker;
}

kube::AccessQuestion access_question(const User& user, const RequestInfo& info) {
    kube::AccessQuestion question;
    question.user.name = user.name;
    question.user.uid = user.uid;
    question.user.groups = user.groups;
    question.user.extra = user.extra;
    if (!info.is_resource) {
        question.path = info.path;
        question.verb = info.verb;
        return question;
    }
    kube::ResourceAttributes resource;
    resource.name_space = info.name_space;
    resource.verb = info.verb;
    resource.group = info.group;
    resource.version = info.version;
    resource.resource = info.resource;
    resource.subresource = info.subresource;
    resource.name = info.name;
    resource.field_selector = field_terms(info.field_selector);
    resource.label_selector = label_terms(info.label_selector);
    question.resource = std::move(resource);
    return question;
}

DelegatedAuthorizer::DelegatedAuthorizer(kube::ReviewClient& reviews, AuthorizerOptions options)
    : reviews_{reviews}, options_{std::move(options)}, answers_{options_.cache_bytes} {}

bool DelegatedAuthorizer::always_allowed(std::string_view path) const {
    path = without_slash(path);
    for (const std::string& allowed : options_.always_allow_paths) {
        std::string_view pattern = without_slash(allowed);
        if (pattern.ends_with('*')) {
            pattern.remove_suffix(1);
            if (path.starts_with(pattern)) return true;
        } else if (path == pattern) {
            return true;
        }
    }
    return false;
}

net::Task<Decision> DelegatedAuthorizer::authorize(const User& user, const RequestInfo& info,
                                                   net::Deadline until) {
    if (user.is_in(kMastersGroup)) co_return Decision{Decision::Verdict::allowed, {}};
    if (!info.is_resource && always_allowed(info.path)) co_return Decision{Decision::Verdict::allowed, {}};
    write_key(key_, user, info);
    const Digest question = answers_.digest(key_);
    const std::size_t key_bytes = key_.size();
    if (key_bytes >= kLongestKept) std::string{}.swap(key_);
    if (const Decision* kept = answers_.find(question)) co_return *kept;
    co_return co_await review(user, info, question, key_bytes, until);
}

// A request of somebody who proved nothing, while it waits.
class DelegatedAuthorizer::Stranger {
  public:
    Stranger(DelegatedAuthorizer& owner, const std::string& network)
        : owner_{owner}, place_{owner.strangers_.try_emplace(network).first} {
        ++place_->second;
        ++owner_.all_strangers_;
    }
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;
    ~Stranger() {
        --owner_.all_strangers_;
        if (--place_->second == 0) owner_.strangers_.erase(place_);
    }
    bool fits() const { return place_->second <= kStrangersEach && owner_.all_strangers_ <= kStrangers; }

  private:
    DelegatedAuthorizer& owner_;
    std::map<std::string, std::size_t>::iterator place_;
};

net::Task<Decision> DelegatedAuthorizer::review(const User& user, const RequestInfo& info, Digest question,
                                                std::size_t key_bytes, net::Deadline until) {
    kube::Asker asker = asker_of(user);
    std::optional<Stranger> stranger;
    if (!asker.proven) stranger.emplace(*this, asker.name);
    if (stranger && !stranger->fits())
        co_return Decision{Decision::Verdict::busy, "too many requests of strangers are waiting"};
    AnswerCache<Decision>::Ask ask = [this, &user, &info, key_bytes, until] {
        return look_up(user, info, key_bytes, until);
    };
    std::optional<Decision> decision =
        co_await answers_.get(question, std::move(asker.name), until, std::move(ask));
    if (decision) co_return std::move(*decision);
    // Somebody with more time still asks.
    const kube::Failure late{make_error_code(net::Errc::timeout)};
    co_return not_reviewed(late);
}

Decision DelegatedAuthorizer::not_reviewed(const kube::Failure& failure) const {
    if (failure.code == net::Errc::overloaded)
        return {Decision::Verdict::busy, "too many access reviews are waiting"};
    std::string why = kube::access_review_failure(reviews_, failure);
    telemetry::paced_error("Failed to make webhook authorizer request", {{"err", why}});
    return {Decision::Verdict::failed, std::move(why)};
}

net::Task<AnswerCache<Decision>::Answer> DelegatedAuthorizer::look_up(const User& user,
                                                                      const RequestInfo& info,
                                                                      std::size_t key_bytes,
                                                                      net::Deadline until) {
    AnswerCache<Decision>::Answer answer;
    std::string spec = kube::access_spec(access_question(user, info));
    const bool keep = std::max(spec.size(), key_bytes) < kLongestKept;
    kube::Asker asker = asker_of(user);
    const auto review = co_await kube::review_access(reviews_, std::move(spec), std::move(asker), until);
    if (!review) {
        answer.value = not_reviewed(review.error());
        co_return answer;
    }
    if (review->allowed && review->denied) {
        answer.value = {Decision::Verdict::failed,
                        "webhook subject access review returned both allow and deny response"};
        if (keep) answer.keep_for = options_.allowed_ttl;
        co_return answer;
    }
    answer.value.verdict = review->allowed ? Decision::Verdict::allowed : Decision::Verdict::denied;
    // Nobody is told why they may.
    if (!review->allowed) answer.value.reason = review->reason;
    if (keep) answer.keep_for = review->allowed ? options_.allowed_ttl : options_.denied_ttl;
    co_return answer;
}

}  // namespace apiserver
