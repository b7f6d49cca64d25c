#include "routes.hpp"

#include "handlers.hpp"

namespace mj::api {

std::vector<Route> routes(Context& context) {
  using Operation = Result<Answer> (*)(Context&, const Call&);
  const auto route = [&context](std::string_view operation, Method method, std::string_view path, Operation run) {
    return Route{operation, method, path, [&context, run](const Call& call) { return run(context, call); }};
  };
  const auto rest = [&route](std::string_view operation, std::string_view path, Operation run) {
    Route made = route(operation, Method::get, path, run);
    made.rest = true;
    return made;
  };
  return {
      route("getOverview", Method::get, "/api/overview", get_overview),
      route("listPoints", Method::get, "/api/points", list_points),
      route("getPoint", Method::get, "/api/points/{id}", get_point),
      route("getSeries", Method::get, "/api/points/{id}/series", get_series),
      route("listPointFrames", Method::get, "/api/points/{id}/frames", list_point_frames),
      route("listFrames", Method::get, "/api/frames", list_frames),
      route("getFrame", Method::get, "/api/frames/{entry}", get_frame),
      route("getProof", Method::get, "/api/frames/{entry}/proof", get_proof),
      route("listAlarms", Method::get, "/api/alarms", list_alarms),
      route("acknowledgeAlarm", Method::post, "/api/alarms/{id}/acknowledge", acknowledge_alarm),
      route("listDevices", Method::get, "/api/devices", list_devices),
      route("getDevice", Method::get, "/api/devices/{mn}", get_device),
      route("listDeviceOrders", Method::get, "/api/devices/{mn}/orders", list_device_orders),
      route("placeOrder", Method::post, "/api/devices/{mn}/orders", place_order),
      route("previewOrder", Method::post, "/api/devices/{mn}/orders/preview", preview_order),
      route("listParameters", Method::get, "/api/devices/{mn}/parameters", list_parameters),
      route("listParameterHistory", Method::get, "/api/devices/{mn}/parameters/history", list_parameter_history),
      route("getCompleteness", Method::get, "/api/devices/{mn}/completeness", get_completeness),
      route("listDeviations", Method::get, "/api/devices/{mn}/deviations", list_deviations),
      route("listDeviceEvents", Method::get, "/api/devices/{mn}/events", list_device_events),
      route("changeProfile", Method::post, "/api/devices/{mn}/profile", change_profile),
      route("addKey", Method::post, "/api/devices/{mn}/key", add_key),
      route("listOrders", Method::get, "/api/orders", list_orders),
      route("getOrder", Method::get, "/api/orders/{id}", get_order),
      route("cancelOrder", Method::post, "/api/orders/{id}/cancel", cancel_order),
      route("listCommands", Method::get, "/api/commands", list_commands),
      route("listConnections", Method::get, "/api/connections", list_connections),
      route("getConformance", Method::get, "/api/conformance", get_conformance),
      rest("getTile", "/tile/{path}", get_tile),
      rest("getSm3Tile", "/sm3/tile/{path}", get_sm3_tile),
      route("getCheckpoint", Method::get, "/checkpoint", get_checkpoint),
      route("getKeyring", Method::get, "/keyring", get_keyring),
      route("getTrust", Method::get, "/trust", get_trust),
      route("getEvidence", Method::get, "/api/evidence", get_evidence),
      route("listEntries", Method::get, "/api/evidence/entries", list_entries),
      route("getEntry", Method::get, "/api/evidence/entries/{entry}", get_entry),
      route("getConsistency", Method::get, "/api/evidence/consistency", get_consistency),
      route("listAnchors", Method::get, "/api/evidence/anchors", list_anchors),
      route("anchorNow", Method::post, "/api/evidence/anchors", anchor_now),
      route("rotateKeys", Method::post, "/api/evidence/keys/rotate", rotate_keys),
      route("scrubNow", Method::post, "/api/evidence/scrub", scrub_now),
      route("getBundle", Method::get, "/api/evidence/bundle", get_bundle),
      route("listStatements", Method::get, "/api/devices/{mn}/statements", list_statements),
      route("listExplanations", Method::get, "/api/devices/{mn}/explanations", list_explanations),
      route("explainGap", Method::post, "/api/devices/{mn}/explanations", explain_gap),
      route("listLayouts", Method::get, "/api/intake/layouts", list_layouts),
      route("recogniseFile", Method::post, "/api/intake/recognise", recognise_file),
      route("listImports", Method::get, "/api/intake/files", list_imports),
      route("importFile", Method::post, "/api/intake/files", import_file),
      route("getImport", Method::get, "/api/intake/files/{entry}", get_import),
      route("getRegister", Method::get, "/api/register", get_register),
      route("listRegisterHints", Method::get, "/api/register/duplicates", list_register_hints),
      route("getRegisterGeometry", Method::get, "/api/register/geometry", get_register_geometry),
      route("listRecords", Method::get, "/api/register/{kind}", list_records),
      route("importRecords", Method::post, "/api/register/{kind}/import", import_records),
      route("exportRecords", Method::get, "/api/register/{kind}/export", export_records),
      route("getRecord", Method::get, "/api/register/{kind}/{id}", get_record),
      route("changeRecord", Method::post, "/api/register/{kind}/{id}", change_record),
      route("listEvaluations", Method::get, "/api/evaluation/elements", list_evaluations),
      route("listEvaluationRuns", Method::get, "/api/evaluation/runs", list_evaluation_runs),
      route("startEvaluation", Method::post, "/api/evaluation/runs", start_evaluation),
      route("getEvaluationRun", Method::get, "/api/evaluation/runs/{run}", get_evaluation_run),
      route("cancelEvaluation", Method::post, "/api/evaluation/runs/{run}/cancel", cancel_evaluation),
      route("listResults", Method::get, "/api/evaluation/{element}/results", list_results),
      route("getSubjectResults", Method::get, "/api/evaluation/{element}/subjects/{subject}", get_subject_results),
      route("getCalendar", Method::get, "/api/evaluation/{element}/calendar", get_calendar),
      route("getResultTrend", Method::get, "/api/evaluation/{element}/trend", get_result_trend),
      route("listCompliance", Method::get, "/api/evaluation/{element}/compliance", list_compliance),
      route("getCalculationSheet", Method::get, "/api/evaluation/{element}/sheet", get_calculation_sheet),
      route("getSystem", Method::get, "/api/system", get_system),
      route("listFactors", Method::get, "/api/factors", list_factors),
      route("streamEvents", Method::get, "/api/events", stream_events),
      route("getStatisticsCatalogue", Method::get, "/api/statistics/catalogue", get_statistics_catalogue),
      route("getStatistics", Method::get, "/api/statistics", get_statistics),
      route("getStatisticsSheet", Method::get, "/api/statistics/sheet", get_statistics_sheet),
      route("getStatisticsTrend", Method::get, "/api/statistics/trend", get_statistics_trend),
      route("getStatisticsCorrelation", Method::get, "/api/statistics/correlation", get_statistics_correlation),
      route("listAppraisalSchemes", Method::get, "/api/appraisal/schemes", list_appraisal_schemes),
      route("getAppraisal", Method::get, "/api/appraisal/{scheme}", get_appraisal),
      route("getAppraisalSheet", Method::get, "/api/appraisal/{scheme}/sheet", get_appraisal_sheet),
      route("listStandards", Method::get, "/api/standards", list_standards),
      route("searchStandards", Method::get, "/api/standards/search", search_standards),
      route("getStandard", Method::get, "/api/standards/{id}", get_standard),
      route("getCoverage", Method::get, "/api/coverage", get_coverage),
      route("planSites", Method::post, "/api/coverage/siting", plan_sites),
      route("getRedundancy", Method::get, "/api/coverage/redundancy", get_redundancy),
      route("getContract", Method::get, "/api/openapi.yaml", get_contract),
      route("getDocs", Method::get, "/api/docs", get_docs),
  };
}

}  // namespace mj::api
