// SPDX-License-Identifier: Apache-2.0
// The messages of openapi.v2 (gnostic-models, openapiv2/OpenAPIv2.proto), as far as our documents use them.
#include "apiserver/openapi/gnostic/gnostic_type.hpp"

namespace apiserver {
namespace {

using Form = GnosticType::Form;

// Schemas hold schemas.
extern const GnosticType kSchema;

constexpr GnosticType kTypeItem{.form = Form::box, .entry = &kGnosticText};
constexpr GnosticType kItems{.form = Form::box, .entry = &kSchema};
constexpr GnosticType kProperties{.entries = 1, .entry = &kSchema};
constexpr GnosticChoice kSchemaOrBoolean[] = {{gnostic_is_boolean, 2, &kGnosticBoolean},
                                              {gnostic_always, 1, &kSchema}};
constexpr GnosticType kAdditional{.form = Form::choice, .choices = kSchemaOrBoolean};
constexpr GnosticField kSchemaFields[] = {
    {"$ref", 1, &kGnosticText},       {"format", 2, &kGnosticText},
    {"title", 3, &kGnosticText},      {"description", 4, &kGnosticText},
    {"default", 5, &kGnosticAny},     {"required", 19, &kGnosticText, true},
    {"enum", 20, &kGnosticAny, true}, {"additionalProperties", 21, &kAdditional},
    {"type", 22, &kTypeItem},         {"items", 23, &kItems},
    {"allOf", 24, &kSchema, true},    {"properties", 25, &kProperties},
};
const GnosticType kSchema{.fields = kSchemaFields, .extensions = 31};

constexpr GnosticField kPathParameterFields[] = {
    {"required", 1, &kGnosticBoolean},
    {"in", 2, &kGnosticText},
    {"description", 3, &kGnosticText},
    {"name", 4, &kGnosticText},
    {"type", 5, &kGnosticText},
    {"format", 6, &kGnosticText},
    {"uniqueItems", 19, &kGnosticBoolean},
};
constexpr GnosticType kPathParameter{.fields = kPathParameterFields, .extensions = 22};
constexpr GnosticField kQueryParameterFields[] = {
    {"required", 1, &kGnosticBoolean},
    {"in", 2, &kGnosticText},
    {"description", 3, &kGnosticText},
    {"name", 4, &kGnosticText},
    {"type", 6, &kGnosticText},
    {"format", 7, &kGnosticText},
    {"uniqueItems", 20, &kGnosticBoolean},
};
constexpr GnosticType kQueryParameter{.fields = kQueryParameterFields, .extensions = 23};
// A ParametersItem holds a Parameter, that a NonBodyParameter, and that one for each place.
constexpr GnosticChoice kPlaces[] = {
    {[](const Json& p) { return p.at("in") == "query"; }, 3, &kQueryParameter},
    {[](const Json& p) { return p.at("in") == "path"; }, 4, &kPathParameter},
};
constexpr GnosticType kNonBodyParameter{.form = Form::choice, .choices = kPlaces};
constexpr GnosticChoice kNonBody[] = {{gnostic_always, 2, &kNonBodyParameter}};
constexpr GnosticType kParameter{.form = Form::choice, .choices = kNonBody};
constexpr GnosticChoice kPlain[] = {{gnostic_always, 1, &kParameter}};
constexpr GnosticType kParametersItem{.form = Form::choice, .choices = kPlain};

constexpr GnosticChoice kSchemaAlone[] = {{gnostic_always, 1, &kSchema}};
constexpr GnosticType kSchemaItem{.form = Form::choice, .choices = kSchemaAlone};
constexpr GnosticField kResponseFields[] = {{"description", 1, &kGnosticText}, {"schema", 2, &kSchemaItem}};
constexpr GnosticType kResponse{.fields = kResponseFields, .extensions = 5};
constexpr GnosticChoice kResponseAlone[] = {{gnostic_always, 1, &kResponse}};
constexpr GnosticType kResponseValue{.form = Form::choice, .choices = kResponseAlone};
constexpr GnosticType kResponses{.extensions = 2, .entries = 1, .entry = &kResponseValue};

constexpr GnosticField kOperationFields[] = {
    {"tags", 1, &kGnosticText, true},          {"summary", 2, &kGnosticText},
    {"description", 3, &kGnosticText},         {"operationId", 5, &kGnosticText},
    {"produces", 6, &kGnosticText, true},      {"consumes", 7, &kGnosticText, true},
    {"parameters", 8, &kParametersItem, true}, {"responses", 9, &kResponses},
    {"schemes", 10, &kGnosticText, true},      {"deprecated", 11, &kGnosticBoolean},
};
constexpr GnosticType kOperation{.fields = kOperationFields, .extensions = 13};
constexpr GnosticField kPathItemFields[] = {{"get", 2, &kOperation},
                                            {"parameters", 9, &kParametersItem, true}};
constexpr GnosticType kPathItem{.fields = kPathItemFields, .extensions = 10};
constexpr GnosticType kPaths{.extensions = 1, .entries = 2, .entry = &kPathItem};

constexpr GnosticField kInfoFields[] = {
    {"title", 1, &kGnosticText}, {"version", 2, &kGnosticText}, {"description", 3, &kGnosticText}};
constexpr GnosticType kInfo{.fields = kInfoFields, .extensions = 7};
constexpr GnosticType kDefinitions{.entries = 1, .entry = &kSchema};

constexpr GnosticField kDocumentFields[] = {{"swagger", 1, &kGnosticText},
                                            {"info", 2, &kInfo},
                                            {"paths", 8, &kPaths},
                                            {"definitions", 9, &kDefinitions}};

}  // namespace

const GnosticType kGnosticV2Document{.fields = kDocumentFields, .extensions = 16};

}  // namespace apiserver
