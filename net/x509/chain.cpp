// SPDX-License-Identifier: Apache-2.0
#include "net/x509/chain.hpp"

#include "net/x509/constraints.hpp"
#include "net/x509/extensions.hpp"
#include "net/x509/signature.hpp"

#include <algorithm>
#include <ctime>

#include <openssl/err.h>

namespace net::x509 {
namespace {

using SystemClock = std::chrono::system_clock;
using Certificates = std::vector<X509*>;

// Candidates that are tried for one leaf: what a stranger shows costs no more.
constexpr int kCandidates = 100;

bool same_bytes(const X509* a, const X509* b) {
    return subject_of(a) == subject_of(b) && X509_cmp(a, b) == 0;
}

bool is_self_issued(const X509* certificate) {
    return subject_of(certificate) == issuer_of(certificate);
}

// Certificates without an end say 9999, which the clock's nanoseconds do not reach.
SystemClock::time_point time_of(const ASN1_TIME* time, SystemClock::time_point unreadable) {
    std::tm when{};
    if (ASN1_TIME_to_tm(time, &when) != 1) return unreadable;
    using std::chrono::floor, std::chrono::seconds;
    const seconds since_epoch{timegm(&when)};
    const seconds first = floor<seconds>(SystemClock::time_point::min().time_since_epoch()) + seconds{1};
    const seconds last = floor<seconds>(SystemClock::time_point::max().time_since_epoch());
    return SystemClock::time_point{std::clamp(since_epoch, first, last)};
}

int check_time(const X509* certificate, SystemClock::time_point now) {
    const Validity good = validity_of(certificate);
    if (now < good.from) return X509_V_ERR_CERT_NOT_YET_VALID;
    return now < good.until ? X509_V_OK : X509_V_ERR_CERT_HAS_EXPIRED;
}

// Of one name, the likeliest first: same key id, one side without, different ones.
Certificates candidates(const Certificates& from, const X509* child) {
    const std::string wanted = authority_key_id(child);
    Certificates same, open, other;
    for (X509* one : from) {
        if (subject_of(one) != issuer_of(child)) continue;
        const std::string id = subject_key_id(one);
        (id == wanted ? same : id.empty() || wanted.empty() ? open : other).push_back(one);
    }
    same.insert(same.end(), open.begin(), open.end());
    same.insert(same.end(), other.begin(), other.end());
    return same;
}

// Another certificate of the same subject, key and names closes a circle.
bool is_in(const Certificates& chain, const X509* candidate) {
    const auto names = raw_extension(candidate, NID_subject_alt_name);
    for (const X509* one : chain) {
        if (subject_of(one) != subject_of(candidate)) continue;
        if (X509_PUBKEY_eq(X509_get_X509_PUBKEY(one), X509_get_X509_PUBKEY(candidate)) != 1) continue;
        const auto others = raw_extension(one, NID_subject_alt_name);
        if (names.has_value() != others.has_value()) return false;
        if (names == others) return true;
    }
    return false;
}

int check_policies(const Certificates& chain) {
    STACK_OF(X509)* stack = sk_X509_new_null();
    for (X509* one : chain) sk_X509_push(stack, one);
    // None is asked for: any is good.
    STACK_OF(ASN1_OBJECT)* any = sk_ASN1_OBJECT_new_null();
    sk_ASN1_OBJECT_push(any, OBJ_nid2obj(NID_any_policy));
    X509_POLICY_TREE* tree = nullptr;
    int explicit_policy = 0;
    const int result = X509_policy_check(&tree, &explicit_policy, stack, any, 0);
    X509_policy_tree_free(tree);
    sk_ASN1_OBJECT_free(any);
    sk_X509_free(stack);
    ERR_clear_error();
    return result > 0 ? X509_V_OK : X509_V_ERR_NO_EXPLICIT_POLICY;
}

class Search {
  public:
    explicit Search(const Question& question) : question_{question} {}

    Result<Certificates> run() {
        chain_ = {question_.leaf};
        const auto is_leaf = [&](const X509* one) { return same_bytes(one, question_.leaf); };
        const bool itself = std::any_of(question_.trusted.begin(), question_.trusted.end(), is_leaf);
        if (itself ? is_acceptable() : extend()) return chain_;
        return Error{failure(), certificate_category()};
    }

  private:
    enum class Place { trusted, shown };

    // Whether a chain goes on from its last certificate to one that is trusted.
    bool extend() {
        const X509* child = chain_.back();
        for (X509* one : candidates(question_.trusted, child))
            if (consider(one, Place::trusted)) return true;
        for (X509* one : candidates(question_.shown, child))
            if (consider(one, Place::shown)) return true;
        return false;
    }

    bool consider(X509* candidate, Place place) {
        if (++considered_ > kCandidates) {
            if (hint_ == X509_V_OK) hint_ = X509_V_ERR_CERT_CHAIN_TOO_LONG;
            return false;
        }
        if (is_in(chain_, candidate)) return false;
        if (const int error = check(candidate, place); error != X509_V_OK) {
            remember(error, candidate, place);
            return false;
        }
        saw_self_issued_ = saw_self_issued_ || is_self_issued(candidate);
        chain_.push_back(candidate);
        const bool found = place == Place::trusted ? is_acceptable() : extend();
        if (!found) chain_.pop_back();
        return found;
    }

    int check(X509* candidate, Place place) const {
        if (const int error = check_signature(chain_.back(), candidate); error != X509_V_OK) return error;
        if (has_unhandled_critical(candidate)) return X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION;
        if (const int error = check_time(candidate, question_.now); error != X509_V_OK) return error;
        const auto basic = basic_constraints(candidate);
        if (place == Place::shown && !(basic && basic->is_authority)) return X509_V_ERR_INVALID_CA;
        const auto below = static_cast<long>(chain_.size()) - 1;
        const bool too_long = basic && basic->path_length && below > *basic->path_length;
        return too_long ? X509_V_ERR_PATH_LENGTH_EXCEEDED : X509_V_OK;
    }

    // What is wrong with a certificate that a stranger shows says nothing, unless it is an authority's.
    void remember(int error, const X509* candidate, Place place) {
        if (hint_ != X509_V_OK) return;
        if (place == Place::trusted || !candidates(question_.trusted, candidate).empty()) hint_ = error;
    }

    // What is asked of a whole chain. Others are tried when it does not hold.
    bool is_acceptable() {
        const int usage = question_.purpose == Purpose::server ? NID_server_auth : NID_client_auth;
        const auto fits = [&](const X509* one) { return is_for(one, usage); };
        int error = X509_V_OK;
        if (!std::all_of(chain_.begin(), chain_.end(), fits)) error = X509_V_ERR_INVALID_PURPOSE;
        if (error == X509_V_OK) error = check_constraints(chain_);
        if (error == X509_V_OK && chain_.size() > 1) error = check_policies(chain_);
        if (refused_ == X509_V_OK) refused_ = error;
        return error == X509_V_OK;
    }

    int failure() const {
        if (refused_ != X509_V_OK) return refused_;
        if (hint_ != X509_V_OK) return hint_;
        if (is_self_issued(question_.leaf)) return X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT;
        return saw_self_issued_ ? X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN
                                : X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
    }

    const Question& question_;
    Certificates chain_;
    int considered_ = 0;
    // Why a chain that reaches an authority does not count, and why one does not reach it; the first of each.
    int refused_ = X509_V_OK;
    int hint_ = X509_V_OK;
    bool saw_self_issued_ = false;
};

int check_leaf(const Question& question) {
    if (has_unhandled_critical(question.leaf)) return X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION;
    if (const int error = check_time(question.leaf, question.now); error != X509_V_OK) return error;
    return check_key_size(question.leaf);
}

}  // namespace

Validity validity_of(const X509* certificate) {
    // Its last second is whole, as in Go.
    const auto until = time_of(X509_get0_notAfter(certificate), SystemClock::time_point::min());
    return {time_of(X509_get0_notBefore(certificate), SystemClock::time_point::max()),
            until + SystemClock::duration{1}};
}

Result<Validity> verify(const Question& question) {
    bool readable = unreadable(question.leaf).empty();
    for (const X509* one : question.shown) readable = readable && unreadable(one).empty();
    if (!readable) return Error{X509_V_ERR_CERT_REJECTED, certificate_category()};
    const auto chain = Search{question}.run();
    if (!chain) return chain.error();
    if (const int error = check_leaf(question); error != X509_V_OK)
        return Error{error, certificate_category()};
    Validity all{SystemClock::time_point::min(), SystemClock::time_point::max()};
    for (const X509* one : *chain) {
        const Validity good = validity_of(one);
        all.from = std::max(all.from, good.from);
        all.until = std::min(all.until, good.until);
    }
    return all;
}

}  // namespace net::x509
