#pragma once

#include "context.hpp"
#include "router.hpp"

namespace mj::api {

// One function per operation of the contract, named after its operationId.

[[nodiscard]] Result<Answer> get_overview(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_points(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_point(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_series(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_factors(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_point_frames(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_frames(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_frame(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_proof(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_alarms(Context& context, const Call& call);
[[nodiscard]] Result<Answer> acknowledge_alarm(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_system(Context& context, const Call& call);
[[nodiscard]] Result<Answer> stream_events(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_contract(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_docs(Context& context, const Call& call);

/// The newest frames, those the consumer has not read yet included. `query.device` and `disposition` as in the store.
[[nodiscard]] Result<std::vector<telemetry::FrameLine>> newest_frames(const Services& services,
                                                                      telemetry::FrameQuery query);

/// The point a path names. Errors: not_found.
[[nodiscard]] Result<const registry::Point*> point_of(const Services& services, const Call& call);

inline constexpr std::uint64_t kDefaultLimit = 50;  ///< rows of a list, as the contract says
inline constexpr std::uint64_t kMaxLimit = 500;

}  // namespace mj::api
