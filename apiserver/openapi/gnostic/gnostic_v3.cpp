// SPDX-License-Identifier: Apache-2.0
// The messages of openapi.v3 (gnostic-models, openapiv3/OpenAPIv3.proto), as far as our documents use them.
#include "apiserver/openapi/gnostic/gnostic_type.hpp"

namespace apiserver {
namespace {

using Form = GnosticType::Form;

// Schemas hold schemas.
extern const GnosticType kSchema;

constexpr GnosticField kReferenceFields[] = {{"$ref", 1, &kGnosticText}};
constexpr GnosticType kReference{.fields = kReferenceFields};
constexpr GnosticChoice kSchemaChoices[] = {{gnostic_is_reference, 2, &kReference},
                                            {gnostic_always, 1, &kSchema}};
constexpr GnosticType kSchemaOrReference{.form = Form::choice, .choices = kSchemaChoices};
constexpr GnosticChoice kAdditionalChoices[] = {{gnostic_is_boolean, 2, &kGnosticBoolean},
                                                {gnostic_always, 1, &kSchemaOrReference}};
constexpr GnosticType kAdditional{.form = Form::choice, .choices = kAdditionalChoices};
constexpr GnosticType kItems{.form = Form::box, .entry = &kSchemaOrReference};
constexpr GnosticType kNamedSchemas{.entries = 1, .entry = &kSchemaOrReference};
constexpr GnosticType kDefault{.form = Form::default_value};
constexpr GnosticField kSchemaFields[] = {
    {"title", 9, &kGnosticText},
    {"uniqueItems", 20, &kGnosticBoolean},
    {"required", 23, &kGnosticText, true},
    {"enum", 24, &kGnosticAny, true},
    {"type", 25, &kGnosticText},
    {"allOf", 26, &kSchemaOrReference, true},
    {"oneOf", 27, &kSchemaOrReference, true},
    {"items", 30, &kItems},
    {"properties", 31, &kNamedSchemas},
    {"additionalProperties", 32, &kAdditional},
    {"default", 33, &kDefault},
    {"description", 34, &kGnosticText},
    {"format", 35, &kGnosticText},
};
const GnosticType kSchema{.fields = kSchemaFields, .extensions = 36};

constexpr GnosticField kParameterFields[] = {
    {"name", 1, &kGnosticText},          {"in", 2, &kGnosticText},
    {"description", 3, &kGnosticText},   {"required", 4, &kGnosticBoolean},
    {"schema", 10, &kSchemaOrReference},
};
constexpr GnosticType kParameter{.fields = kParameterFields, .extensions = 14};
constexpr GnosticChoice kParameterChoices[] = {{gnostic_is_reference, 2, &kReference},
                                               {gnostic_always, 1, &kParameter}};
constexpr GnosticType kParameterOrReference{.form = Form::choice, .choices = kParameterChoices};

constexpr GnosticField kMediaTypeFields[] = {{"schema", 1, &kSchemaOrReference}};
constexpr GnosticType kMediaType{.fields = kMediaTypeFields, .extensions = 5};
constexpr GnosticType kMediaTypes{.entries = 1, .entry = &kMediaType};
constexpr GnosticField kResponseFields[] = {{"description", 1, &kGnosticText}, {"content", 3, &kMediaTypes}};
constexpr GnosticType kResponse{.fields = kResponseFields, .extensions = 5};
constexpr GnosticChoice kResponseChoices[] = {{gnostic_is_reference, 2, &kReference},
                                              {gnostic_always, 1, &kResponse}};
constexpr GnosticType kResponseOrReference{.form = Form::choice, .choices = kResponseChoices};
constexpr GnosticField kResponsesFields[] = {{"default", 1, &kResponseOrReference}};
constexpr GnosticType kResponses{
    .fields = kResponsesFields, .extensions = 3, .entries = 2, .entry = &kResponseOrReference};

constexpr GnosticField kOperationFields[] = {
    {"tags", 1, &kGnosticText, true},
    {"summary", 2, &kGnosticText},
    {"description", 3, &kGnosticText},
    {"operationId", 5, &kGnosticText},
    {"parameters", 6, &kParameterOrReference, true},
    {"responses", 8, &kResponses},
    {"deprecated", 10, &kGnosticBoolean},
};
constexpr GnosticType kOperation{.fields = kOperationFields, .extensions = 13};
constexpr GnosticField kPathItemFields[] = {{"get", 4, &kOperation},
                                            {"parameters", 13, &kParameterOrReference, true}};
constexpr GnosticType kPathItem{.fields = kPathItemFields, .extensions = 14};
constexpr GnosticType kPaths{.extensions = 2, .entries = 1, .entry = &kPathItem};

constexpr GnosticField kInfoFields[] = {
    {"title", 1, &kGnosticText}, {"description", 2, &kGnosticText}, {"version", 6, &kGnosticText}};
constexpr GnosticType kInfo{.fields = kInfoFields, .extensions = 7};
constexpr GnosticField kComponentsFields[] = {{"schemas", 1, &kNamedSchemas}};
constexpr GnosticType kComponents{.fields = kComponentsFields, .extensions = 10};

constexpr GnosticField kDocumentFields[] = {{"openapi", 1, &kGnosticText},
                                            {"info", 2, &kInfo},
                                            {"paths", 4, &kPaths},
                                            {"components", 5, &kComponents}};

}  // namespace

const GnosticType kGnosticV3Document{.fields = kDocumentFields, .extensions = 9};

}  // namespace apiserver
