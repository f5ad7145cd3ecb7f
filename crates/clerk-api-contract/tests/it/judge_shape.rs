//! Operations as plain structs.

use clerk_api_contract::{Kind, Spec};

use crate::tiny::TEXT;

#[test]
fn parameters_have_their_types_and_limits() {
    let spec = Spec::parse(TEXT).unwrap();
    let shape = spec.shape("ListAnimals").unwrap();
    assert_eq!(
        (shape.method.as_str(), shape.path.as_str(), shape.deprecated),
        ("GET", "/animals", false)
    );
    let param = |name: &str| {
        shape
            .query_params
            .iter()
            .find(|param| param.name == name)
            .unwrap()
    };
    let limit = param("limit");
    assert_eq!(
        (limit.kind, limit.minimum, limit.maximum),
        (Kind::Integer, Some(1.0), Some(500.0))
    );
    assert!(!limit.required && !limit.many);
    assert_eq!(param("kind").values, ["cat", "dog"]);
    assert!(param("id").many && param("id").explode && param("id").kind == Kind::String);
    assert!(param("age").many && !param("age").explode && param("age").kind == Kind::Integer);
    assert!(spec.shape("FeedAnimal").unwrap().query_params[0].required);
    assert!(spec.shape("Nothing").is_none());
}

#[test]
fn shared_path_parameters_belong_to_each_operation() {
    let spec = Spec::parse(TEXT).unwrap();
    let shape = spec.shape("DeleteAnimal").unwrap();
    assert_eq!(shape.path_params.len(), 1);
    assert!(shape.path_params[0].required && shape.path_params[0].name == "animal_id");
    assert_eq!(shape.answers["204"].content_type, None);
    assert!(spec.shape("GetAnimal").unwrap().deprecated);
}

#[test]
fn bodies_list_their_properties() {
    let spec = Spec::parse(TEXT).unwrap();
    let body = spec.shape("CreateAnimal").unwrap().body.unwrap();
    assert!(body.required && body.closed && !body.many);
    assert_eq!(body.content_type, "application/json");
    let property = |name: &str| {
        body.properties
            .iter()
            .find(|property| property.name == name)
            .unwrap()
    };
    assert!(property("name").required && !property("name").nullable);
    assert!(
        property("legs").nullable
            && property("legs").kind == Kind::Integer
            && !property("legs").required
    );
    assert!(property("tags").many && property("tags").kind == Kind::String);
    // What is composed of one part is that part.
    assert!(property("kind").nullable && property("kind").kind == Kind::String);
    assert_eq!(property("kind").values, ["cat", "dog"]);
    let bulk = spec.shape("CreateAnimals").unwrap();
    assert!(bulk.body.as_ref().unwrap().many && bulk.body.as_ref().unwrap().properties[0].required);
    let picture = spec.shape("SetPicture").unwrap().body.unwrap();
    assert_eq!(
        (picture.content_type.as_str(), picture.properties[0].kind),
        ("multipart/form-data", Kind::Binary)
    );
}

#[test]
fn answers_name_their_component_also_inside_lists() {
    let spec = Spec::parse(TEXT).unwrap();
    let component = |id: &str| spec.shape(id).unwrap().answers["200"].component.clone();
    assert_eq!(component("GetAnimal").as_deref(), Some("Animal"));
    assert_eq!(component("ListAnimals").as_deref(), Some("Animal"));
    assert_eq!(component("CreateAnimals").as_deref(), Some("Animal"));
    assert_eq!(component("GetUsersCount"), None);
    assert_eq!(spec.operation_ids().count(), 9);
}
