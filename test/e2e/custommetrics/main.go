// SPDX-License-Identifier: Apache-2.0

// Reads custom metrics as the HorizontalPodAutoscaler does, by k8s.io/metrics' own client: both versions, both
// encodings, every form of a request. One line for each value:
//
//	v1beta1 protobuf Pod/shop-0 http_requests verb=GET 10500m 30s
//
//	custommetrics KUBECONFIG NAMESPACE PODS-SELECTOR POD SERVICE DEPLOYMENT
package main

import (
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
	metrics "k8s.io/metrics/pkg/apis/custom_metrics/v1beta2"
	client "k8s.io/metrics/pkg/client/custom_metrics"
)

var (
	pod        = schema.GroupKind{Kind: "Pod"}
	service    = schema.GroupKind{Kind: "Service"}
	namespace  = schema.GroupKind{Kind: "Namespace"}
	deployment = schema.GroupKind{Group: "apps", Kind: "Deployment"}
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func show(how string, value *metrics.MetricValue) {
	selector, window := "-", "-"
	if value.Metric.Selector != nil {
		for key, one := range value.Metric.Selector.MatchLabels {
			selector = key + "=" + one
		}
	}
	if value.WindowSeconds != nil {
		window = fmt.Sprintf("%ds", *value.WindowSeconds)
	}
	object := value.DescribedObject
	fmt.Printf("%s %s/%s %s %s %s %s\n", how, object.Kind, object.Name, value.Metric.Name, selector, value.Value.String(), window)
}

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Args[1])
	check(err)
	space, podName, serviceName, deploymentName := os.Args[2], os.Args[4], os.Args[5], os.Args[6]
	pods, err := labels.Parse(os.Args[3])
	check(err)
	groups, err := restmapper.GetAPIGroupResources(discovery.NewDiscoveryClientForConfigOrDie(config))
	check(err)
	mapper := restmapper.NewDiscoveryRESTMapper(groups)
	get := labels.SelectorFromSet(labels.Set{"verb": "GET"})
	all := labels.Everything()
	for _, version := range []string{"v1beta1", "v1beta2"} {
		for _, encoding := range []string{"json", "protobuf"} {
			how := version + " " + encoding
			asking := rest.CopyConfig(config)
			asking.ContentType = runtime.ContentTypeJSON
			if encoding == "protobuf" {
				asking.ContentType = runtime.ContentTypeProtobuf
			}
			asking.AcceptContentTypes = asking.ContentType
			from, err := client.NewForVersionForConfig(asking, mapper,
				schema.GroupVersion{Group: metrics.GroupName, Version: version})
			check(err)
			inside := from.NamespacedMetrics(space)
			list, err := inside.GetForObjects(pod, pods, "http_requests", get)
			check(err)
			for i := range list.Items {
				show(how, &list.Items[i])
			}
			for _, wanted := range []struct {
				kind schema.GroupKind
				name string
			}{{pod, podName}, {service, serviceName}, {deployment, deploymentName}} {
				value, err := inside.GetForObject(wanted.kind, wanted.name, "queue_depth", all)
				check(err)
				show(how, value)
			}
			value, err := from.RootScopedMetrics().GetForObject(namespace, space, "queue_depth", all)
			check(err)
			show(how, value)
		}
	}
}
