#pragma once

#include "context.hpp"
#include "http.hpp"

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
[[nodiscard]] Result<Answer> list_devices(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_device(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_device_orders(Context& context, const Call& call);
[[nodiscard]] Result<Answer> place_order(Context& context, const Call& call);
[[nodiscard]] Result<Answer> preview_order(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_parameters(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_parameter_history(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_completeness(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_deviations(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_device_events(Context& context, const Call& call);
[[nodiscard]] Result<Answer> change_profile(Context& context, const Call& call);
[[nodiscard]] Result<Answer> add_key(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_orders(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_order(Context& context, const Call& call);
[[nodiscard]] Result<Answer> cancel_order(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_commands(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_connections(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_conformance(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_checkpoint(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_keyring(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_trust(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_tile(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_sm3_tile(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_evidence(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_entries(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_entry(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_consistency(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_anchors(Context& context, const Call& call);
[[nodiscard]] Result<Answer> anchor_now(Context& context, const Call& call);
[[nodiscard]] Result<Answer> rotate_keys(Context& context, const Call& call);
[[nodiscard]] Result<Answer> scrub_now(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_bundle(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_statements(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_explanations(Context& context, const Call& call);
[[nodiscard]] Result<Answer> explain_gap(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_layouts(Context& context, const Call& call);
[[nodiscard]] Result<Answer> recognise_file(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_imports(Context& context, const Call& call);
[[nodiscard]] Result<Answer> import_file(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_import(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_register(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_register_hints(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_register_geometry(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_records(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_record(Context& context, const Call& call);
[[nodiscard]] Result<Answer> change_record(Context& context, const Call& call);
[[nodiscard]] Result<Answer> import_records(Context& context, const Call& call);
[[nodiscard]] Result<Answer> export_records(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_evaluations(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_results(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_subject_results(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_calendar(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_result_trend(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_compliance(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_calculation_sheet(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_evaluation_runs(Context& context, const Call& call);
[[nodiscard]] Result<Answer> start_evaluation(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_evaluation_run(Context& context, const Call& call);
[[nodiscard]] Result<Answer> cancel_evaluation(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_system(Context& context, const Call& call);
[[nodiscard]] Result<Answer> stream_events(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_statistics_catalogue(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_statistics(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_statistics_sheet(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_statistics_trend(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_statistics_correlation(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_appraisal_schemes(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_appraisal_sheet(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_appraisal(Context& context, const Call& call);
[[nodiscard]] Result<Answer> list_standards(Context& context, const Call& call);
[[nodiscard]] Result<Answer> search_standards(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_standard(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_coverage(Context& context, const Call& call);
[[nodiscard]] Result<Answer> plan_sites(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_redundancy(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_contract(Context& context, const Call& call);
[[nodiscard]] Result<Answer> get_docs(Context& context, const Call& call);

/// The newest frames, those the consumer has not read yet included. `query.device` and `disposition` as in the store.
[[nodiscard]] Result<std::vector<telemetry::FrameLine>> newest_frames(const Services& services,
                                                                      telemetry::FrameQuery query);

/// A file that is offered as a download; `format`: csv, xlsx or parquet, also the ending of its name.
[[nodiscard]] Answer download(std::string body, std::string_view format, std::string_view name);

/// The point a path names. Errors: not_found.
[[nodiscard]] Result<const registry::Point*> point_of(const Services& services, const Call& call);

/// The device a path names; `-` is the empty number. Errors: not_found.
[[nodiscard]] Result<devices::DeviceRecord> device_of(const Services& services, const Call& call);

/// The entry a path names. Errors: not_found for anything that numbers no entry of the log.
[[nodiscard]] Result<evidence::EntryIndex> entry_of(const Services& services, const Call& call);

/// `DeviceDetail` of a device, as things stand now.
[[nodiscard]] Result<Answer> detail_answer(Context& context, const devices::DeviceRecord& record);

inline constexpr std::uint64_t kDefaultLimit = 50;  ///< rows of a list, as the contract says
inline constexpr std::uint64_t kMaxLimit = 500;

}  // namespace mj::api
